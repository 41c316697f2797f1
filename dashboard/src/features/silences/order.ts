import type { Silence } from "@/shared/api/alert-types";

export interface Silences {
  active: Silence[];
  coming: Silence[];
  past: Silence[];
}

/** By their time: what ends first, what begins first, what ended last. */
export function byTime(silences: readonly Silence[], now: number): Silences {
  return {
    active: silences.filter((one) => one.from <= now && now < one.to).sort((a, b) => a.to - b.to),
    coming: silences.filter((one) => one.from > now && one.to > one.from).sort((a, b) => a.from - b.from),
    past: silences.filter((one) => one.to <= now || one.to <= one.from).sort((a, b) => b.to - a.to),
  };
}
