import { describe, expect, it } from "vitest";
import type { Contributor } from "@/shared/api/types";
import { ordinal, rankTexts } from "./ranks";

const item = (fields: Partial<Contributor>): Contributor => ({
  series: "s",
  name: "n",
  unit: "1",
  labels: {},
  value: 1,
  expected: 0,
  low: 0,
  high: 0,
  z: 1,
  ...fields,
});

describe("rankTexts", () => {
  it("says what each judge made of it", () => {
    expect(rankTexts(item({ zRank: 1, energyRank: 22, importance: 0.414, importanceRank: 3 }))).toEqual([
      "1st by distance",
      "22nd by model",
      "41 % of the forest’s verdict (3rd)",
    ]);
  });

  it("says nothing of who was not asked, nor of no share", () => {
    expect(rankTexts(item({ zRank: null, importance: 0, importanceRank: null }))).toEqual([]);
    expect(rankTexts(item({ importance: 0.004 }))).toEqual(["<1 % of the forest’s verdict"]);
  });
});

it.each([
  [1, "1st"],
  [2, "2nd"],
  [3, "3rd"],
  [4, "4th"],
  [11, "11th"],
  [113, "113th"],
])("ordinal of %i is %s", (place, text) => expect(ordinal(place)).toBe(text));
