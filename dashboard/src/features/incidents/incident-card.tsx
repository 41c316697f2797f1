import type { BreachPrediction, IncidentEvent } from "@/shared/api/types";
import { countdown, incidentHref, lasted, plural } from "@/shared/lib/incidents";
import { kindText } from "@/shared/lib/kinds";
import { moment } from "@/shared/lib/time";
import { liveHref } from "@/shared/lib/url-state";
import { Icon } from "@/shared/ui/icon";
import { IncidentMarks } from "@/shared/ui/incident-badges";
import { Link } from "@/shared/ui/link";
import { IncidentStatusBadge, SeverityBadge } from "@/shared/ui/state-badges";
import { AcknowledgeButton } from "./acknowledge-button";
import { Contributors } from "./contributors";

/** Ahead is dashed, a storm is heavy, muted steps back: what differs in kind looks different. */
function look(incident: IncidentEvent): string {
  if (incident.mutedBy) return "opacity-75";
  if (incident.storm) return "border-alarm/60 border-l-4";
  return incident.prediction?.outcome === "pending" ? "border-accent border-dashed" : "";
}

/** An incident that still needs attention: everything to judge it without opening it. */
export function IncidentCard({ incident, now }: { incident: IncidentEvent; now: number }) {
  return (
    <article className={`card p-4 md:p-5 ${look(incident)}`} aria-label={incident.summary}>
      <div className="flex flex-wrap items-center gap-2">
        <SeverityBadge severity={incident.severity} />
        <IncidentStatusBadge incident={incident} />
        <IncidentMarks incident={incident} now={now} />
        <span className="text-ink-soft text-xs">{kindText(incident.kind)}</span>
        <span className="flex items-center gap-1.5 text-ink-soft text-xs sm:ml-auto">
          <Icon name="clock" size={14} />
          since {moment(incident.startedAt, now)}, {lasted(incident, now)}
        </span>
      </div>
      <h3 className="wrap-anywhere mt-3 font-semibold text-[17px] leading-snug tracking-tight">
        <Link href={incidentHref(incident.id)} className="hover:underline">
          {incident.summary}
        </Link>
      </h3>
      <p className="mt-1 flex flex-wrap items-center gap-x-2 gap-y-1 text-ink-soft">
        <Icon name="server" size={14} />
        <span className="wrap-anywhere">{where(incident)}</span>
        <SymptomCount incident={incident} />
      </p>
      {incident.prediction?.outcome === "pending" && <Expected prediction={incident.prediction} now={now} />}
      {incident.probableCause && (
        <p className="wrap-anywhere mt-2 text-sm">
          <span className="text-ink-faint">Probable cause: </span>
          {incident.probableCause}
        </p>
      )}
      <div className="mt-4">
        <Contributors items={incident.contributors} limit={incident.storm ? 2 : 4} />
      </div>
      <div className="mt-4 flex flex-wrap items-center gap-x-4 gap-y-2">
        <AcknowledgeButton incident={incident} />
        <Link
          href={liveHref({ entity: incident.entity, at: incident.startedAt })}
          className="flex items-center gap-1.5 font-medium text-accent hover:underline max-sm:py-2.5"
        >
          See the charts
          <Icon name="arrow" size={15} />
        </Link>
      </div>
    </article>
  );
}

/** The countdown, and how sure it is. */
function Expected({ prediction, now }: { prediction: BreachPrediction; now: number }) {
  return (
    <p className="mt-3 flex flex-wrap items-baseline gap-x-3 gap-y-0.5">
      <span className="font-semibold text-accent text-xl tracking-tight">{countdown(prediction.predictedAt, now)}</span>
      <span className="text-ink-soft">
        {Math.round(prediction.probability * 100)} % within the hour, 80 % sure between{" "}
        {moment(prediction.earliestAt, now)} and {moment(prediction.latestAt, now)}
      </span>
    </p>
  );
}

/** "web-1", or "web-1 and 6 more". */
const where = ({ entity, entities }: IncidentEvent): string =>
  entities.length > 1 ? `${entities[0] ?? entity} and ${entities.length - 1} more` : entity;

function SymptomCount({ incident }: { incident: IncidentEvent }) {
  if (incident.symptomCount === 0) return null;
  return (
    <Link
      href={incidentHref(incident.id)}
      className="rounded-full bg-sunken px-2 py-0.5 font-medium text-ink-soft text-xs hover:text-ink"
    >
      +{plural(incident.symptomCount, "symptom")}
    </Link>
  );
}

/** One that is over: a line. */
export function ResolvedRow({ incident, now }: { incident: IncidentEvent; now: number }) {
  return (
    <li>
      <Link
        href={incidentHref(incident.id)}
        className="flex flex-wrap items-center gap-x-3 gap-y-1 px-4 py-3 hover:bg-sunken"
      >
        <Icon name="check" className="text-good" />
        <span className="wrap-anywhere min-w-0 flex-1 basis-64 font-medium">{incident.summary}</span>
        <span className="flex flex-wrap gap-1.5 max-sm:pl-7 empty:hidden">
          <IncidentMarks incident={incident} now={now} />
        </span>
        <span className="w-full pl-7 text-ink-soft text-xs sm:w-auto sm:pl-0">
          {where(incident)}
          {incident.symptomCount > 0 && `, +${plural(incident.symptomCount, "symptom")}`}
        </span>
        <span className="w-full pl-7 text-ink-faint text-xs sm:w-52 sm:pl-0 sm:text-right">
          {moment(incident.startedAt, now)}, lasted {lasted(incident, now)}
        </span>
      </Link>
    </li>
  );
}
