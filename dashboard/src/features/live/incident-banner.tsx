import { useQuery } from "@tanstack/react-query";
import { incidentsQuery } from "@/shared/api/queries";
import type { IncidentSeverity } from "@/shared/api/types";
import { duration } from "@/shared/lib/format";
import { Icon } from "@/shared/ui/icon";
import { Link } from "@/shared/ui/link";
import { SeverityBadge } from "@/shared/ui/state-badges";
import { useNow } from "@/shared/ui/use-now";

const LOOKS: Record<IncidentSeverity, string> = {
  critical: "border-alarm/50 bg-alarm-soft",
  warning: "border-warn/50 bg-warn-soft",
  info: "border-info/50 bg-info-soft",
};

/** Unresolved incidents of the entity in view, one line each. */
export function IncidentBanner({ entity }: { entity: string }) {
  const { data } = useQuery(incidentsQuery);
  const now = useNow(1000);
  const open = (data ?? []).filter((incident) => incident.entity === entity && incident.status !== "resolved");
  if (open.length === 0) return null;
  return (
    <div className="mb-3 grid gap-2" role="status">
      {open.slice(0, 3).map((incident) => (
        <Link
          key={incident.id}
          href={`/incidents/${encodeURIComponent(incident.id)}`}
          className={`flex flex-wrap items-center gap-x-3 gap-y-1.5 rounded-xl border px-4 py-2.5 hover:underline ${LOOKS[incident.severity]}`}
        >
          <SeverityBadge severity={incident.severity} />
          <span className="wrap-anywhere font-medium">{incident.summary}</span>
          <span className="ml-auto flex items-center gap-1.5 text-ink-soft text-xs">
            for {duration(now - incident.startedAt)}
            <Icon name="arrow" size={14} />
          </span>
        </Link>
      ))}
    </div>
  );
}
