import { useQuery } from "@tanstack/react-query";
import { useEffect, useMemo, useSyncExternalStore } from "react";
import { seriesQuery } from "@/shared/api/queries";
import { paintLoop } from "@/shared/chart/paint-loop";
import { serverClock } from "@/shared/lib/time";
import { type LiveView, RANGE_SPEC, spanOf } from "@/shared/lib/url-state";
import { EntityStore, type Structure } from "@/shared/stream/entity-store";
import { loadHistory } from "@/shared/stream/history";
import { hub } from "@/shared/stream/live";

/** Longer than history needs to write what the stream has already shown. */
const SEAM_MS = 6000;

/** The store of what the page shows: filled from history, then fed by the stream unless the view stands still. */
export function useLiveStore(view: LiveView): { store: EntityStore; structure: Structure } {
  const { entity, range, at } = view;
  const store = useMemo(() => {
    const { windowMs, stepMs } = RANGE_SPEC[range];
    const until = at === null ? null : spanOf({ entity, range, at }, serverClock.now()).to;
    return new EntityStore(entity, { windowMs, stepMs, until }, hub.schemas);
  }, [entity, range, at]);
  const structure = useSyncExternalStore(store.onStructure, () => store.structure);
  const connection = useSyncExternalStore(hub.subscribe, () => hub.opened);
  const series = useQuery(seriesQuery(entity));

  useEffect(() => (at === null ? hub.attach(store) : undefined), [store, at]);

  // `connection` counts: each new one may have missed ticks, which history has.
  useEffect(() => {
    if (!series.data && !series.error) return;
    void connection;
    const now = serverClock.now();
    const oldest = (store.window.until ?? now) - store.window.windowMs;
    const wanted = (series.data ?? []).filter((info) => info.lastSeen >= oldest);
    store.addSeries(wanted);
    const abort = new AbortController();
    if (series.error) store.fail(series.error.message);
    else void loadHistory(store, wanted, now, abort.signal);
    // History is written a little behind the stream: a second look closes the seam between the two.
    const seam = setTimeout(() => {
      if (store.window.until === null && !series.error)
        void loadHistory(store, wanted, serverClock.now(), abort.signal);
    }, SEAM_MS);
    return () => {
      clearTimeout(seam);
      abort.abort();
    };
  }, [store, series.data, series.error, connection]);

  useSlidingWindow(store);
  return { store, structure };
}

/** When ticks stop, the window moves on all the same, so that the hole can be seen. */
function useSlidingWindow(store: EntityStore): void {
  useEffect(() => {
    if (store.window.until !== null) return;
    const timer = setInterval(() => {
      if (!(serverClock.now() - (store.verdict?.t ?? 0) < 2500)) paintLoop.invalidateAll();
    }, 1000);
    return () => clearInterval(timer);
  }, [store]);
}
