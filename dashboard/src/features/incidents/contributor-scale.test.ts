import { describe, expect, it } from "vitest";
import { contributorScale } from "./contributor-scale";

const item = (value: number | null, low: number | null, high: number | null) => ({
  series: "s",
  name: "n",
  unit: "1",
  labels: {},
  expected: null,
  z: null,
  value,
  low,
  high,
});

describe("contributorScale", () => {
  it.each([
    [0.93, 0.02, 0.11],
    [0, 5, 9],
    [-4, -3, 3],
    [5, 5, 5],
    [0, 0, 0],
  ])("keeps value %s and range %s to %s on the bar, in their order", (value, low, high) => {
    const scale = contributorScale(item(value, low, high));
    expect(scale).not.toBeNull();
    for (const place of [scale?.low, scale?.high, scale?.value]) {
      expect(place).toBeGreaterThanOrEqual(0);
      expect(place).toBeLessThanOrEqual(100);
    }
    expect(Math.sign((scale?.value ?? 0) - (scale?.high ?? 0))).toBe(Math.sign(value - high));
  });

  it.each([
    [null, 0, 1],
    [1, null, 1],
    [1, 2, 1],
  ])("draws nothing from %s, %s, %s", (value, low, high) => {
    expect(contributorScale(item(value, low, high))).toBeNull();
  });
});
