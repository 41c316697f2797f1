import { get } from "@/shared/api/client";
import type { RangeResult, SeriesMeta } from "@/shared/api/types";
import type { EntityStore } from "./entity-store";

/** Below the gateway's limit of 50, because the number of points per answer shrinks with the number of series. */
const PER_CALL = 40;

/** Fills a store's window from history. Errors end in the store, where the page shows them. */
export async function loadHistory(
  store: EntityStore,
  series: readonly SeriesMeta[],
  now: number,
  signal: AbortSignal,
): Promise<void> {
  const to = store.window.until ?? now;
  const common = {
    entity: store.entity,
    from: Math.floor(to - store.window.windowMs),
    to: Math.ceil(to),
    step: store.window.stepMs,
  };
  const pages = Array.from({ length: Math.max(1, Math.ceil(series.length / PER_CALL)) }, (_, page) =>
    series
      .slice(page * PER_CALL, (page + 1) * PER_CALL)
      .map((meta) => meta.id)
      .join(","),
  );
  try {
    const parts = await Promise.all(
      pages.map((ids, page) =>
        get<RangeResult>("/api/range", { ...common, series: ids, scores: page === 0 ? true : undefined }, signal),
      ),
    );
    if (!signal.aborted) store.load(parts);
  } catch (error) {
    if (!signal.aborted) store.fail(error instanceof Error ? error.message : String(error));
  }
}
