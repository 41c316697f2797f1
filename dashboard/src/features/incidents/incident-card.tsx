import type { IncidentEvent } from "@/shared/api/types";
import { duration } from "@/shared/lib/format";
import { moment } from "@/shared/lib/time";
import { liveHref } from "@/shared/lib/url-state";
import { Icon } from "@/shared/ui/icon";
import { Link } from "@/shared/ui/link";
import { IncidentStatusBadge, SeverityBadge } from "@/shared/ui/state-badges";
import { AcknowledgeButton } from "./acknowledge-button";
import { Contributors } from "./contributors";
import { kindText } from "./kinds";

export const incidentHref = (incident: IncidentEvent): string => `/incidents/${encodeURIComponent(incident.id)}`;

/** How long it lasted, or lasts so far. */
export const lasted = (incident: IncidentEvent, now: number): string =>
  duration((incident.resolvedAt ?? now) - incident.startedAt);

/** An incident that still needs attention: everything to judge it without opening it. */
export function IncidentCard({ incident, now }: { incident: IncidentEvent; now: number }) {
  return (
    <article className="card p-4 md:p-5" aria-label={incident.summary}>
      <div className="flex flex-wrap items-center gap-2">
        <SeverityBadge severity={incident.severity} />
        <IncidentStatusBadge incident={incident} />
        <span className="text-ink-soft text-xs">{kindText(incident.kind)}</span>
        <span className="ml-auto flex items-center gap-1.5 text-ink-soft text-xs">
          <Icon name="clock" size={14} />
          since {moment(incident.startedAt, now)}, {lasted(incident, now)}
        </span>
      </div>
      <h3 className="wrap-anywhere mt-3 font-semibold text-[17px] leading-snug tracking-tight">
        <Link href={incidentHref(incident)} className="hover:underline">
          {incident.summary}
        </Link>
      </h3>
      <p className="mt-1 flex items-center gap-1.5 text-ink-soft">
        <Icon name="server" size={14} />
        {incident.entity}
      </p>
      <div className="mt-4">
        <Contributors items={incident.contributors} limit={4} />
      </div>
      <div className="mt-4 flex flex-wrap items-center gap-x-4 gap-y-2">
        <AcknowledgeButton incident={incident} />
        <Link
          href={liveHref({ entity: incident.entity, at: incident.startedAt })}
          className="flex items-center gap-1.5 font-medium text-accent hover:underline"
        >
          See the charts
          <Icon name="arrow" size={15} />
        </Link>
      </div>
    </article>
  );
}

/** One that is over: a line. */
export function ResolvedRow({ incident, now }: { incident: IncidentEvent; now: number }) {
  return (
    <li>
      <Link
        href={incidentHref(incident)}
        className="flex flex-wrap items-center gap-x-3 gap-y-1 px-4 py-3 hover:bg-sunken"
      >
        <Icon name="check" className="text-good" />
        <span className="wrap-anywhere min-w-0 flex-1 basis-64 font-medium">{incident.summary}</span>
        <span className="w-full pl-7 text-ink-soft text-xs sm:w-auto sm:pl-0">{incident.entity}</span>
        <span className="w-full pl-7 text-ink-faint text-xs sm:w-52 sm:pl-0 sm:text-right">
          {moment(incident.startedAt, now)}, lasted {lasted(incident, now)}
        </span>
      </Link>
    </li>
  );
}
