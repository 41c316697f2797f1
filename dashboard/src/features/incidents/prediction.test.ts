import { describe, expect, it } from "vitest";
import type { BreachPrediction } from "@/shared/api/types";
import { leadMs, predictionSentence, predictionTrack } from "./prediction";

const MINUTE = 60_000;
const prediction = (fields: Partial<BreachPrediction>): BreachPrediction => ({
  series: "s",
  name: "system.filesystem.utilization",
  unit: "1",
  limit: 1,
  saidAt: 0,
  earliestAt: 10 * MINUTE,
  predictedAt: 20 * MINUTE,
  latestAt: 40 * MINUTE,
  probability: 0.8,
  outcome: "pending",
  ...fields,
});

describe("predictionTrack", () => {
  it.each([0, 5 * MINUTE, 30 * MINUTE, 41 * MINUTE, 100_000 * MINUTE])("stays on its line at %i ms", (now) => {
    const { earliest, median, latest, mark } = predictionTrack(prediction({}), now);
    expect(earliest).toBeLessThan(median);
    expect(median).toBeLessThan(latest);
    expect(latest).toBeLessThanOrEqual(100);
    expect(mark).toBeGreaterThanOrEqual(0);
    expect(mark).toBeLessThanOrEqual(100);
  });

  it("marks when the limit was hit, and nothing where it was not", () => {
    const hit = predictionTrack(prediction({ outcome: "confirmed", outcomeAt: 20 * MINUTE }), 90 * MINUTE);
    expect(hit.mark).toBe(hit.median);
    expect(predictionTrack(prediction({ outcome: "averted", outcomeAt: 5 * MINUTE }), 0).mark).toBeNull();
    expect(predictionTrack(prediction({ outcome: "expired", outcomeAt: 41 * MINUTE }), 0).mark).toBeNull();
  });
});

describe("leadMs", () => {
  it("is earned by confirmed predictions only", () => {
    expect(leadMs(prediction({ outcome: "confirmed", outcomeAt: 23 * MINUTE }))).toBe(23 * MINUTE);
    expect(leadMs(prediction({ outcome: "averted", outcomeAt: 23 * MINUTE }))).toBeNull();
    expect(leadMs(prediction({}))).toBeNull();
  });
});

describe("predictionSentence", () => {
  it.each([
    [prediction({}), 5 * MINUTE, "Acknowledge it, or record what you change before then, to have it count as averted."],
    [prediction({}), 25 * MINUTE, "Any moment: due 5 min ago by the median."],
    [prediction({}), 41 * MINUTE, "The time that was said has passed: due 1 min ago."],
    [
      prediction({ outcome: "confirmed", outcomeAt: 18 * MINUTE }),
      0,
      "It was hit 2 min earlier than said, 18 min after the warning.",
    ],
    [
      prediction({ outcome: "confirmed", outcomeAt: 20 * MINUTE }),
      0,
      "It was hit exactly then, 20 min after the warning.",
    ],
    [prediction({ outcome: "averted", avertedBy: "restart by nadia" }), 0, "It was not hit: restart by nadia."],
    [
      prediction({ outcome: "expired" }),
      0,
      "It was not hit in the time that was said, and nobody had stepped in: this one was wrong.",
    ],
  ])("%#", (one, now, text) => expect(predictionSentence(one, now)).toBe(text));
});
