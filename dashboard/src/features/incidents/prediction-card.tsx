import type { BreachPrediction, Contributor } from "@/shared/api/types";
import { duration, quantityText } from "@/shared/lib/format";
import { countdown } from "@/shared/lib/incidents";
import { seriesTitle } from "@/shared/lib/series-name";
import { moment } from "@/shared/lib/time";
import { Facts } from "@/shared/ui/facts";
import { PredictionBadge } from "@/shared/ui/incident-badges";
import { leadMs, predictionSentence, predictionTrack } from "./prediction";

interface Props {
  prediction: BreachPrediction;
  contributors: readonly Contributor[];
  now: number;
}

/** What was said before it happened, and what became of it. */
export function PredictionCard({ prediction, contributors, now }: Props) {
  const series = contributors.find((item) => item.series === prediction.series);
  const lead = leadMs(prediction);
  const facts: [string, string][] = [
    ["Said", moment(prediction.saidAt, now)],
    ["Predicted for", moment(prediction.predictedAt, now)],
    ["80 % sure: from", moment(prediction.earliestAt, now)],
    ["80 % sure: until", moment(prediction.latestAt, now)],
    ["Within the hour", `${Math.round(prediction.probability * 100)} %`],
    lead === null
      ? ["Warned ahead by", duration(prediction.predictedAt - prediction.saidAt)]
      : ["Lead time", duration(lead)],
  ];
  return (
    <section
      className={`card p-5 md:p-6 ${prediction.outcome === "pending" ? "border-accent border-dashed" : ""}`}
      aria-labelledby="prediction"
    >
      <div className="flex flex-wrap items-center gap-2.5">
        <h2 id="prediction" className="wrap-anywhere font-semibold text-base">
          {seriesTitle(prediction.name, series?.labels ?? {})} reaching{" "}
          {quantityText(prediction.limit, prediction.unit, prediction.name)}
        </h2>
        <PredictionBadge prediction={prediction} />
        {prediction.outcome === "pending" && (
          <span className="ml-auto font-semibold text-2xl text-accent tracking-tight">
            {countdown(prediction.predictedAt, now)}
          </span>
        )}
      </div>
      <p className="mt-1.5 text-ink-soft">{predictionSentence(prediction, now)}</p>
      <Track prediction={prediction} now={now} />
      <Facts facts={facts} />
    </section>
  );
}

/** Left the word, the band its 80 % interval, the stroke its median; the diamond the present, or when the limit was hit. */
function Track({ prediction, now }: { prediction: BreachPrediction; now: number }) {
  const { earliest, median, latest, mark } = predictionTrack(prediction, now);
  const pending = prediction.outcome === "pending";
  return (
    <div className="my-5" aria-hidden="true">
      <div className="relative h-3 rounded-full bg-sunken">
        <span
          className="absolute inset-y-0 rounded-full bg-accent opacity-30"
          style={{ left: `${earliest}%`, width: `${Math.max(1, latest - earliest)}%` }}
        />
        <span className="absolute -inset-y-1 w-0.5 -translate-x-1/2 bg-accent" style={{ left: `${median}%` }} />
        {mark !== null && (
          <span
            className={`absolute top-1/2 size-3.5 -translate-x-1/2 -translate-y-1/2 rotate-45 rounded-[3px] border-2 border-card ${pending ? "bg-ink" : "bg-alarm"}`}
            style={{ left: `${mark}%` }}
          />
        )}
      </div>
      <p className="mt-2 flex flex-wrap justify-between gap-x-4 text-[11px] text-ink-faint">
        <span>said</span>
        <span>
          band: 80 % interval, stroke: median
          {mark !== null && (pending ? ", diamond: now" : ", diamond: limit hit")}
        </span>
      </p>
    </div>
  );
}
