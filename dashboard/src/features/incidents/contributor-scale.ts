import type { Contributor } from "@/shared/api/types";

/** Where a contributor's parts lie on its bar, in percent of the width. */
export interface ContributorScale {
  low: number;
  high: number;
  value: number;
}

/** Normal range and seen value on one scale with room at both ends; null when there is no range to compare with. */
export function contributorScale({ value, low, high }: Contributor): ContributorScale | null {
  if (value === null || low === null || high === null || low > high) return null;
  let from = Math.min(low, value);
  let to = Math.max(high, value);
  // Zero belongs in the picture when everything is positive and it is not far away.
  if (from > 0 && from < to * 0.5) from = 0;
  const pad = (to - from || Math.abs(to) || 1) * 0.06;
  from -= pad;
  to += pad;
  const place = (x: number): number => ((x - from) / (to - from)) * 100;
  return { low: place(low), high: place(high), value: place(value) };
}
