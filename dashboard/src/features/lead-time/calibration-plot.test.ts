import { describe, expect, it } from "vitest";
import type { CalibrationBin } from "@/shared/api/alert-types";
import { dots, verdict } from "./calibration-plot";

const bin = (said: number, happened: number, count: number): CalibrationBin => ({
  low: Math.floor(said * 10) / 10,
  high: Math.floor(said * 10) / 10 + 0.1,
  said,
  happened,
  count,
});

describe("dots", () => {
  it("puts what was said across and what happened up, larger where more stands behind it", () => {
    const [few, many] = dots([bin(0.55, 0.5, 4), bin(0.95, 1, 16), bin(0.15, 0, 0)]);
    expect(few?.x).toBeCloseTo(55);
    expect(few?.y).toBe(50);
    expect(many).toMatchObject({ x: 95, y: 0 });
    expect(many?.r).toBeGreaterThan(few?.r ?? 0);
  });

  it("leaves empty bins out", () => expect(dots([bin(0.5, 0, 0)])).toEqual([]));
});

describe("verdict", () => {
  it.each([
    [[], "Nothing is settled yet."],
    [[bin(0.9, 0, 2)], "Too few to judge: said 90 % on average, happened 0 %."],
    [[bin(0.8, 0.78, 40)], "As sure as it should be: said 80 % on average, happened 78 %."],
    [[bin(0.9, 0.5, 40)], "Too sure of itself: said 90 % on average, happened 50 %."],
    [[bin(0.5, 0.9, 40)], "Surer than it says: said 50 % on average, happened 90 %."],
    [[bin(0.5, 0.5, 10), bin(0.9, 0.9, 30)], "As sure as it should be: said 80 % on average, happened 80 %."],
  ])("%#", (bins, text) => expect(verdict(bins)).toBe(text));
});
