import type { SlotRing } from "./ring";

/** A point of a line: a number, null where a gap is to be seen, undefined where the line goes on without a point. */
export type Point = number | null | undefined;

/** Points on one axis: seconds first, then one array per column, as the chart library takes them. */
export type Frame = [number[], ...Point[][]];

/** Slots between `from` and `to` of the given columns; a hole of more than `GAP_SLOTS` slots breaks every line. */
const GAP_SLOTS = 3;

export function readFrame(ring: SlotRing, ids: readonly string[], from: number, to: number): Frame {
  const times: number[] = [];
  const rows: number[] = [];
  let previous = Number.NaN;
  for (let index = ring.firstAt(from); index < ring.length; index++) {
    const time = ring.timeAt(index);
    if (time > to) break;
    if (time - previous > GAP_SLOTS * ring.stepMs) {
      times.push((previous + ring.stepMs) / 1000);
      rows.push(-1);
    }
    times.push(time / 1000);
    rows.push(index);
    previous = time;
  }
  return [times, ...ids.map((id) => readColumn(ring, id, times, rows))];
}

/**
 * A series measured every five seconds has no value on four of five ticks. That is its rhythm, not a gap: holes up to
 * three times its usual distance are bridged, longer ones are shown.
 */
function readColumn(ring: SlotRing, id: string, times: readonly number[], rows: readonly number[]): Point[] {
  const points: Point[] = rows.map((row) => {
    const value = row < 0 ? Number.NaN : ring.valueAt(id, row);
    return Number.isNaN(value) ? null : value;
  });
  const bridge = (GAP_SLOTS * usualDistance(points, times, ring.stepMs / 1000)) as number;
  let last = -1;
  for (let index = 0; index < points.length; index++) {
    if (points[index] === null) continue;
    if (last >= 0 && index - last > 1 && (times[index] as number) - (times[last] as number) <= bridge)
      points.fill(undefined, last + 1, index);
    last = index;
  }
  return points;
}

function usualDistance(points: readonly Point[], times: readonly number[], step: number): number {
  const distances: number[] = [];
  let last = Number.NaN;
  for (let index = points.length - 1; index >= 0 && distances.length < 31; index--) {
    if (points[index] === null) continue;
    const time = times[index] as number;
    if (!Number.isNaN(last)) distances.push(last - time);
    last = time;
  }
  if (distances.length < 3) return step;
  return Math.max(step, distances.sort((a, b) => a - b)[distances.length >> 1] as number);
}
