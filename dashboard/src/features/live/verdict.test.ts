import { describe, expect, it } from "vitest";
import type { Structure } from "@/shared/stream/entity-store";
import { learningText, verdictText } from "./verdict";

const structure = (fields: Partial<Structure>): Structure => ({
  status: "ready",
  error: "",
  series: [],
  strange: [],
  forecasts: new Map(),
  maturity: "warm",
  anomalous: false,
  hasPoints: true,
  ...fields,
});

describe("verdictText", () => {
  it.each([
    [{}, null, "Normal"],
    [{ strange: ["a"] }, null, "Normal so far"],
    [{ anomalous: true, strange: ["a"] }, null, "Anomalous"],
    [{ maturity: "cold" }, null, "Learning"],
    [{ maturity: null }, null, "Waiting"],
    [{ anomalous: true }, 5, "Looking back"],
  ] as const)("for %j at %s says %s", (fields, at, title) => {
    expect(verdictText(structure(fields as Partial<Structure>), at).title).toBe(title);
  });
});

it("does not pass an old verdict off as the present", () => {
  expect(verdictText(structure({}), null, 9_000).title).toBe("Normal");
  const stale = verdictText(structure({ anomalous: true }), null, 75_000);
  expect([stale.title, stale.sentence.includes("1 min 15 s old")]).toEqual(["No news", true]);
});

describe("learningText", () => {
  it("counts the first minute, and is silent once warm", () => {
    expect(learningText("cold", 10_000, 44_900)).toBe("learning: 34 of 60 s");
    expect(learningText("warming", 10_000, 100_000)).toBe("learning");
    expect(learningText("warm", 10_000, 44_000)).toBeNull();
    expect(learningText("cold", undefined, 44_000)).toBe("learning");
  });
});
