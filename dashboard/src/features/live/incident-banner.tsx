import { useQuery } from "@tanstack/react-query";
import { incidentsQuery } from "@/shared/api/queries";
import type { IncidentEvent, IncidentSeverity } from "@/shared/api/types";
import { duration } from "@/shared/lib/format";
import { byUrgency, concerns, incidentHref, plural } from "@/shared/lib/incidents";
import { Icon } from "@/shared/ui/icon";
import { IncidentMarks } from "@/shared/ui/incident-badges";
import { Link } from "@/shared/ui/link";
import { SeverityBadge } from "@/shared/ui/state-badges";
import { useNow } from "@/shared/ui/use-now";

const LOOKS: Record<IncidentSeverity, string> = {
  critical: "border-alarm/50 bg-alarm-soft",
  warning: "border-warn/50 bg-warn-soft",
  info: "border-info/50 bg-info-soft",
};

/** Lines that leave room for the charts below. */
const SHOWN = 3;

const look = (incident: IncidentEvent): string => {
  if (incident.mutedBy) return "border-line bg-card";
  if (incident.prediction?.outcome === "pending") return "border-accent border-dashed bg-accent-soft";
  return LOOKS[incident.severity] ?? LOOKS.info;
};

/** Unresolved incidents that concern the entity in view, one line each; a storm concerns everybody. */
export function IncidentBanner({ entity }: { entity: string }) {
  const { data } = useQuery(incidentsQuery);
  const now = useNow(1000);
  const open = (data ?? [])
    .filter((incident) => incident.status !== "resolved" && (incident.storm || concerns(incident, entity)))
    .sort(byUrgency);
  if (open.length === 0) return null;
  return (
    <section className="mb-3 grid gap-2" aria-label="Open incidents">
      {/* Only the number is read out when it changes: times below change every second. */}
      <p role="status" className="sr-only">
        {plural(open.length, "open incident")}
      </p>
      {open.slice(0, SHOWN).map((incident) => (
        <Line key={incident.id} incident={incident} entity={entity} now={now} />
      ))}
      {open.length > SHOWN && (
        <Link href="/incidents?status=open" className="px-4 font-medium text-accent text-xs hover:underline">
          and {plural(open.length - SHOWN, "more incident")}
        </Link>
      )}
    </section>
  );
}

function Line({ incident, entity, now }: { incident: IncidentEvent; entity: string; now: number }) {
  const first = incident.entities[0] ?? incident.entity;
  return (
    <Link
      href={incidentHref(incident.id)}
      className={`flex flex-wrap items-center gap-x-3 gap-y-1.5 rounded-xl border px-4 py-2.5 hover:underline ${look(incident)}`}
    >
      <SeverityBadge severity={incident.severity} />
      <IncidentMarks incident={incident} now={now} />
      <span className="wrap-anywhere font-medium">{incident.summary}</span>
      {first !== entity && <span className="text-ink-soft text-xs">first on {first}</span>}
      {incident.symptomCount > 0 && (
        <span className="text-ink-soft text-xs">+{plural(incident.symptomCount, "symptom")}</span>
      )}
      <span className="ml-auto flex items-center gap-1.5 text-ink-soft text-xs">
        for {duration(now - incident.startedAt)}
        <Icon name="arrow" size={14} />
      </span>
    </Link>
  );
}
