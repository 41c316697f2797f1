import { describe, expect, it } from "vitest";
import { sentence } from "./silence-preview";

const HOUR = 3_600_000;
const said = (incidents: number, muted: number, hours = 168): string =>
  sentence({ from: 0, incidents, muted, examples: [] }, hours * HOUR + 400);

describe("sentence", () => {
  it.each([
    [said(0, 0), "Nobody was told of anything in the last week."],
    [said(12, 0), "None of 12 incidents told in the last week."],
    [said(12, 3), "3 of 12 incidents told in the last week."],
    [said(12, 12), "All 12 incidents told in the last week."],
    [said(2, 1, 48), "1 of 2 incidents told in the last 2 d."],
  ])("%s", (text, expected) => expect(text).toBe(expected));
});
