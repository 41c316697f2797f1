import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useId, useState } from "react";
import { leadTimesQuery } from "@/shared/api/alert-queries";
import type { LeadTime } from "@/shared/api/alert-types";
import { entitiesQuery } from "@/shared/api/queries";
import type { PredictionOutcome } from "@/shared/api/types";
import { duration, quantityText } from "@/shared/lib/format";
import { countdown, incidentHref } from "@/shared/lib/incidents";
import { seriesTitle } from "@/shared/lib/series-name";
import { moment } from "@/shared/lib/time";
import { Button } from "@/shared/ui/button";
import { Select, TextInput } from "@/shared/ui/field";
import { PredictionBadge } from "@/shared/ui/incident-badges";
import { Link } from "@/shared/ui/link";

const OUTCOMES = [
  ["", "Every outcome"],
  ["pending", "Pending"],
  ["confirmed", "Confirmed"],
  ["averted", "Averted"],
  ["expired", "Expired"],
] as const;
/** As FeedbackRules of the contracts. */
const MAX_ENTITY = 255;
/** More names than these no list can be read. */
const MAX_SUGGESTED = 200;

/** Every prediction that was told, newest first. */
export function Ledger({ now }: { now: number }) {
  const [outcome, setOutcome] = useState<PredictionOutcome | "">("");
  const [entity, setEntity] = useState("");
  const { data: entities } = useQuery(entitiesQuery);
  const names = useId();
  const { data, error, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery(
    leadTimesQuery(outcome, entity.trim()),
  );
  const lines = data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <section className="mt-8" aria-labelledby="ledger">
      <div className="flex flex-wrap items-end justify-between gap-x-6 gap-y-3">
        <h2 id="ledger" className="font-semibold text-base tracking-tight">
          Ledger
        </h2>
        <section className="flex flex-wrap items-end gap-2" aria-label="Filter the ledger">
          <Select
            label="Outcome"
            value={outcome}
            onChange={(to) => setOutcome(to as PredictionOutcome | "")}
            options={OUTCOMES}
          />
          <TextInput
            label="Entity"
            value={entity}
            onChange={setEntity}
            placeholder="Every entity"
            maxLength={MAX_ENTITY}
            list={names}
          />
          <datalist id={names}>
            {entities?.slice(0, MAX_SUGGESTED).map((info) => (
              <option key={info.entity} value={info.entity} />
            ))}
          </datalist>
        </section>
      </div>
      {error && (
        <p role="alert" className="mt-2 text-alarm text-xs">
          {error.message}
        </p>
      )}
      {!data && !error && <div className="skeleton mt-3 h-32" aria-busy="true" />}
      {data && lines.length === 0 && (
        <p className="card mt-3 px-4 py-3 text-ink-soft">
          {outcome || entity ? "No prediction matches." : "Nothing has been written down yet."}
        </p>
      )}
      {lines.length > 0 && (
        <ul className="card mt-3 divide-y divide-line">
          {lines.map((line) => (
            <Line key={`${line.incident} ${line.prediction.saidAt}`} line={line} now={now} />
          ))}
        </ul>
      )}
      {hasNextPage && (
        <Button className="mt-3 max-sm:h-11" onClick={() => void fetchNextPage()} disabled={isFetchingNextPage}>
          {isFetchingNextPage ? "Loading…" : "Show older ones"}
        </Button>
      )}
    </section>
  );
}

function Line({ line, now }: { line: LeadTime; now: number }) {
  const { prediction } = line;
  return (
    <li className="grid gap-x-4 gap-y-1.5 px-4 py-3 lg:grid-cols-[9.5rem_minmax(0,1fr)_21rem_7rem] lg:items-center">
      <span>
        <PredictionBadge prediction={prediction} />
      </span>
      <span className="min-w-0">
        <Link href={incidentHref(line.incident)} className="wrap-anywhere font-medium hover:underline">
          {line.entity}
        </Link>
        <span className="wrap-anywhere block text-ink-soft text-xs">
          {seriesTitle(prediction.name, {})} to {quantityText(prediction.limit, prediction.unit, prediction.name)}, said
          with {Math.round(prediction.probability * 100)} %
        </span>
      </span>
      <span className="text-ink-soft text-xs">
        <span className="block">
          said {moment(prediction.saidAt, now)} for {moment(prediction.predictedAt, now)}
        </span>
        <span className="block text-ink-faint">
          80 %: {moment(prediction.earliestAt, now)} to {moment(prediction.latestAt, now)}
        </span>
        {prediction.avertedBy && <span className="wrap-anywhere block">{prediction.avertedBy}</span>}
      </span>
      <span className="text-ink-soft text-xs lg:text-right">
        {prediction.outcome === "pending" && countdown(prediction.predictedAt, now)}
        {line.leadSeconds != null && (
          <>
            <span className="font-semibold text-ink text-sm">{duration(line.leadSeconds * 1000)}</span> lead
          </>
        )}
      </span>
    </li>
  );
}
