import type { BreachPrediction } from "@/shared/api/types";
import { duration } from "@/shared/lib/format";
import { countdown } from "@/shared/lib/incidents";

/** Where the parts of a prediction lie on its line, in percent of the width. */
export interface PredictionTrack {
  earliest: number;
  median: number;
  latest: number;
  /** The present while it is open, the limit's time once it was hit; null = neither. */
  mark: number | null;
}

/** From the word to a little after the last moment of interest. */
export function predictionTrack(prediction: BreachPrediction, now: number): PredictionTrack {
  const { saidAt, earliestAt, predictedAt, latestAt, outcome, outcomeAt } = prediction;
  const mark = outcome === "pending" ? now : outcome === "confirmed" ? (outcomeAt ?? null) : null;
  // A present far behind the interval would press everything else into a corner: it stands at the end then.
  const far = latestAt + (latestAt - saidAt);
  const to = Math.max(latestAt, Math.min(mark ?? 0, far));
  const span = Math.max(1, to - saidAt) * 1.06;
  const place = (at: number): number => Math.min(100, Math.max(0, ((at - saidAt) / span) * 100));
  return {
    earliest: place(earliestAt),
    median: place(predictedAt),
    latest: place(latestAt),
    mark: mark === null ? null : place(mark),
  };
}

/** From the word to the limit, milliseconds; null unless it was hit. */
export const leadMs = ({ outcome, saidAt, outcomeAt }: BreachPrediction): number | null =>
  outcome === "confirmed" && outcomeAt ? Math.max(0, outcomeAt - saidAt) : null;

/** What it comes to, in one sentence. */
export function predictionSentence(prediction: BreachPrediction, now: number): string {
  const { outcome, predictedAt, latestAt, outcomeAt, avertedBy } = prediction;
  switch (outcome) {
    case "pending":
      if (now > latestAt) return `The time that was said has passed: ${countdown(latestAt, now)}.`;
      if (now > predictedAt) return `Any moment: due ${duration(now - predictedAt)} ago by the median.`;
      return "Acknowledge it, or record what you change before then, to have it count as averted.";
    case "confirmed": {
      const off = (outcomeAt ?? predictedAt) - predictedAt;
      const when =
        Math.abs(off) < 1000 ? "exactly then" : `${duration(Math.abs(off))} ${off < 0 ? "earlier" : "later"} than said`;
      return `It was hit ${when}, ${duration(leadMs(prediction) ?? 0)} after the warning.`;
    }
    case "averted":
      return avertedBy ? `It was not hit: ${avertedBy}.` : "It was not hit: somebody stepped in before.";
    default:
      return "It was not hit in the time that was said, and nobody had stepped in: this one was wrong.";
  }
}
