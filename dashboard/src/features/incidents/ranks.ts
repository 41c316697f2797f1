import type { Contributor } from "@/shared/api/types";

/** "1st by distance", "2nd by model", "34 % of the forest's verdict (1st)": what was not asked is not there. */
export function rankTexts({ zRank, energyRank, importance, importanceRank }: Contributor): string[] {
  const texts: string[] = [];
  if (zRank != null) texts.push(`${ordinal(zRank)} by distance`);
  if (energyRank != null) texts.push(`${ordinal(energyRank)} by model`);
  if (importance != null && importance > 0) {
    const percent = importance < 0.01 ? "<1" : Math.round(importance * 100);
    const place = importanceRank == null ? "" : ` (${ordinal(importanceRank)})`;
    texts.push(`${percent} % of the forest’s verdict${place}`);
  }
  return texts;
}

const SUFFIXES: Record<string, string> = { one: "st", two: "nd", few: "rd", other: "th" };
const RULES = new Intl.PluralRules("en", { type: "ordinal" });

export const ordinal = (place: number): string => `${place}${SUFFIXES[RULES.select(place)]}`;
