import { useState } from "react";
import type { IncidentEvent } from "@/shared/api/types";
import { plural } from "@/shared/lib/incidents";
import { kindText } from "@/shared/lib/kinds";
import { moment } from "@/shared/lib/time";
import { liveHref } from "@/shared/lib/url-state";
import { Button } from "@/shared/ui/button";
import { Link } from "@/shared/ui/link";
import { type LaggedSymptom, lagged, lagText } from "./lag";

/** As many as are worth reading at first. */
const FIRST = 6;

/** Who moved first, who followed, and why they are told together. */
export function Symptoms({ incident, now }: { incident: IncidentEvent; now: number }) {
  const [all, setAll] = useState(false);
  const rows = lagged(incident);
  const shown = all ? rows : rows.slice(0, FIRST);
  const unlisted = incident.symptomCount - rows.length;
  if (rows.length === 0 && !incident.probableCause && !incident.storm) return null;
  return (
    <section className="card p-5 md:p-6" aria-labelledby="cause">
      <h2 id="cause" className="font-semibold text-base">
        {incident.storm ? "A storm, told as one" : "Probable cause"}
      </h2>
      <p className="wrap-anywhere mt-1.5 text-ink-soft">{lead(incident)}</p>
      <Entities incident={incident} />
      {rows.length > 0 && (
        <>
          <h3 className="mt-5 mb-1 font-medium text-ink-soft text-sm">
            {plural(incident.symptomCount, "symptom")} folded into it, by when they began
          </h3>
          <ol className="divide-y divide-line">
            <First incident={incident} now={now} />
            {shown.map((row) => (
              <Row key={`${row.symptom.entity} ${row.symptom.cause}`} row={row} now={now} />
            ))}
          </ol>
        </>
      )}
      {shown.length < rows.length && (
        <Button className="mt-3 max-sm:h-11" onClick={() => setAll(true)}>
          Show all {rows.length}
        </Button>
      )}
      {unlisted > 0 && (
        <p className="mt-3 text-ink-faint text-xs">{plural(unlisted, "more symptom")} counted, but not listed.</p>
      )}
    </section>
  );
}

function lead({ storm, probableCause, symptomCount, entities }: IncidentEvent): string {
  if (probableCause) return probableCause;
  if (storm)
    return `So much came at once that it is told as one: ${plural(symptomCount + 1, "finding")} on ${plural(entities.length, "listed entity", "listed entities")}. What moved first stands on top; it need not be the cause.`;
  return "They came within the same time. Who moved first is not clear.";
}

function Entities({ incident }: { incident: IncidentEvent }) {
  const { entities, startedAt } = incident;
  if (entities.length < 2) return null;
  return (
    <ul className="mt-3 flex flex-wrap gap-1.5" aria-label="Entities, the first mover first">
      {entities.map((entity, index) => (
        <li key={entity} className={index > 11 ? "hidden" : ""}>
          <Link
            href={liveHref({ entity, at: startedAt })}
            className={`wrap-anywhere inline-block rounded-lg px-2 py-1 font-medium text-xs hover:underline max-sm:py-2 ${index === 0 ? "bg-accent-soft text-accent" : "bg-sunken text-ink-soft"}`}
          >
            {entity}
            {index === 0 && <span className="font-normal"> moved first</span>}
          </Link>
        </li>
      ))}
      {entities.length > 12 && <li className="self-center text-ink-faint text-xs">and {entities.length - 12} more</li>}
    </ul>
  );
}

const ROW = "grid grid-cols-[3.75rem_minmax(0,1fr)] gap-x-3 gap-y-1 py-2.5 md:grid-cols-[3.75rem_minmax(0,1fr)_9rem]";

/** The incident itself at the head of its symptoms. */
function First({ incident, now }: { incident: IncidentEvent; now: number }) {
  return (
    <li className={ROW}>
      <span className="font-semibold text-accent text-xs leading-5" title={moment(incident.startedAt, now)}>
        first
      </span>
      <div className="min-w-0">
        <p className="wrap-anywhere font-medium">{incident.entities[0] ?? incident.entity}</p>
        <p className="wrap-anywhere text-ink-soft text-xs">{incident.summary}</p>
      </div>
    </li>
  );
}

function Row({ row, now }: { row: LaggedSymptom; now: number }) {
  const { symptom, lagMs, left, width } = row;
  return (
    <li className={ROW}>
      <span className="text-ink-soft text-xs leading-5" title={`${moment(symptom.since, now)}`}>
        {lagText(lagMs)}
      </span>
      <div className="min-w-0">
        <p className="flex flex-wrap items-baseline gap-x-2">
          <Link
            href={liveHref({ entity: symptom.entity, at: symptom.since })}
            className="wrap-anywhere font-medium text-accent hover:underline"
          >
            {symptom.entity}
          </Link>
          <span className="text-ink-faint text-xs">{kindText(symptom.kind)}</span>
        </p>
        <p className="wrap-anywhere text-ink-soft text-xs">{symptom.summary}</p>
        <p className="wrap-anywhere text-[11px] text-ink-faint">Folded because: {symptom.why}</p>
      </div>
      <span className="relative my-1.5 h-2 self-start rounded-full bg-sunken max-md:hidden" aria-hidden="true">
        <span
          className="absolute inset-y-0 rounded-full bg-accent opacity-60"
          style={{ left: `${left}%`, width: `${width}%` }}
        />
      </span>
    </li>
  );
}
