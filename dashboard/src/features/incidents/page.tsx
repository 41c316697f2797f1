import { useQuery } from "@tanstack/react-query";
import { incidentsQuery } from "@/shared/api/queries";
import type { IncidentEvent } from "@/shared/api/types";
import { navigate, useLocation } from "@/shared/lib/router";
import { useWho } from "@/shared/lib/who";
import { Button } from "@/shared/ui/button";
import { Notice } from "@/shared/ui/notice";
import { PageHeader } from "@/shared/ui/page-header";
import { useNow } from "@/shared/ui/use-now";
import { filterBesideStatus, filterHref, hasStatus, type IncidentFilter, NO_FILTER, parseFilter } from "./filter";
import { FilterBar } from "./filter-bar";
import { IncidentCard, ResolvedRow } from "./incident-card";
import { splitIncidents } from "./order";

export default function IncidentsPage() {
  const { data, error } = useQuery(incidentsQuery);
  const { search } = useLocation();
  const me = useWho();
  const filter = parseFilter(search);
  const counted = filterBesideStatus(data ?? [], filter, me);
  const show = (change: Partial<IncidentFilter>): void =>
    navigate(filterHref({ ...filter, ...change }), { replace: true });
  return (
    <>
      <PageHeader
        title="Incidents"
        lead="One incident per cause, with the reason in one sentence. It resolves by itself when things are normal again."
      />
      {!data && !error && <div className="skeleton h-48" aria-busy="true" />}
      {!data && error && (
        <Notice icon="unplugged" title="Incidents cannot be loaded" role="alert">
          {error.message}
        </Notice>
      )}
      {data && data.length > 0 && <FilterBar filter={filter} counted={counted} onChange={show} />}
      {data && (
        <Lists
          incidents={counted.filter((incident) => hasStatus(incident, filter.status))}
          filtered={filterHref(filter) !== filterHref(NO_FILTER)}
          quiet={!data.some((incident) => incident.status !== "resolved")}
        />
      )}
    </>
  );
}

interface Props {
  incidents: readonly IncidentEvent[];
  filtered: boolean;
  /** Nothing is open, whatever the filter hides. */
  quiet: boolean;
}

function Lists({ incidents, filtered, quiet }: Props) {
  const now = useNow(1000);
  const { active, resolved } = splitIncidents(incidents);
  return (
    <>
      {quiet && (
        <Notice icon="check" title="All quiet">
          Nothing is open. What opens appears here at once.
        </Notice>
      )}
      {!quiet && filtered && incidents.length === 0 && (
        <Notice icon="search" title="Nothing matches">
          <p className="mb-4">There are incidents that this filter leaves out.</p>
          <Button onClick={() => navigate(filterHref(NO_FILTER))}>Show all</Button>
        </Notice>
      )}
      <section aria-label="Open incidents" className="grid gap-3">
        {active.map((incident) => (
          <IncidentCard key={incident.id} incident={incident} now={now} />
        ))}
      </section>
      {resolved.length > 0 && (
        <section aria-labelledby="resolved" className="mt-8">
          <h2 id="resolved" className="mb-2.5 font-semibold text-base tracking-tight">
            Resolved
          </h2>
          <ul className="card divide-y divide-line overflow-hidden">
            {resolved.map((incident) => (
              <ResolvedRow key={incident.id} incident={incident} now={now} />
            ))}
          </ul>
        </section>
      )}
    </>
  );
}
