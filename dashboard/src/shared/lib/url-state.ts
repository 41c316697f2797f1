export const RANGES = ["5m", "15m", "1h", "6h", "24h"] as const;
export type Range = (typeof RANGES)[number];
export const DEFAULT_RANGE: Range = "15m";

const MINUTE = 60_000;

/** Width of the window and the distance of its points; at most ~900 points, so that every chart stays cheap. */
export const RANGE_SPEC: Record<Range, { windowMs: number; stepMs: number; label: string }> = {
  "5m": { windowMs: 5 * MINUTE, stepMs: 1000, label: "5 minutes" },
  "15m": { windowMs: 15 * MINUTE, stepMs: 1000, label: "15 minutes" },
  "1h": { windowMs: 60 * MINUTE, stepMs: 5000, label: "1 hour" },
  "6h": { windowMs: 360 * MINUTE, stepMs: 30_000, label: "6 hours" },
  "24h": { windowMs: 1440 * MINUTE, stepMs: 120_000, label: "24 hours" },
};

/** What the live page shows, kept in the address. `at` = paused with this instant in the middle. */
export interface LiveView {
  entity: string;
  range: Range;
  at: number | null;
}

export function parseLiveView(search: string): LiveView {
  const params = new URLSearchParams(search);
  const range = params.get("range") as Range;
  const at = Number(params.get("at"));
  return {
    entity: params.get("entity") ?? "",
    range: RANGES.includes(range) ? range : DEFAULT_RANGE,
    // Numbers beyond what a Date can hold are as good as none.
    at: Number.isFinite(at) && at > 0 && at < 8.64e15 ? Math.round(at) : null,
  };
}

/** The address of a view; defaults are left out so that links stay short. */
export function liveHref(view: Partial<LiveView>): string {
  const params = new URLSearchParams();
  if (view.entity) params.set("entity", view.entity);
  if (view.range && view.range !== DEFAULT_RANGE) params.set("range", view.range);
  if (view.at) params.set("at", String(view.at));
  const text = params.toString();
  return text ? `/?${text}` : "/";
}

/** The time span a view covers, given the present. */
export function spanOf(view: LiveView, now: number): { from: number; to: number } {
  const { windowMs } = RANGE_SPEC[view.range];
  if (view.at === null) return { from: now - windowMs, to: now };
  const to = Math.min(view.at + windowMs / 2, Math.max(now, view.at));
  return { from: to - windowMs, to };
}
