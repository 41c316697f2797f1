import type { ChartSource } from "@/shared/chart/time-chart";
import { serverClock } from "@/shared/lib/time";
import type { EntityStore } from "@/shared/stream/entity-store";
import { type Frame, readFrame } from "@/shared/stream/read";

/** Reads some of a store's columns for a chart. Hidden ones stay in place without points. */
export function chartSource(store: EntityStore, ids: readonly string[], hidden: ReadonlySet<string>): ChartSource {
  const span = (): { from: number; to: number } => store.span(serverClock.now());
  return {
    read(): Frame {
      const { from, to } = span();
      const [times, ...columns] = readFrame(store.ring, ids, from, to);
      return [times, ...columns.map((points, index) => (hidden.has(ids[index] ?? "") ? points.fill(null) : points))];
    },
    edges() {
      const { from, to } = span();
      return { from: from / 1000, to: to / 1000 };
    },
    onData: store.onData,
  };
}
