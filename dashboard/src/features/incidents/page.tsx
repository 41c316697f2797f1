import { useQuery } from "@tanstack/react-query";
import { incidentsQuery } from "@/shared/api/queries";
import { Notice } from "@/shared/ui/notice";
import { PageHeader } from "@/shared/ui/page-header";
import { useNow } from "@/shared/ui/use-now";
import { IncidentCard, ResolvedRow } from "./incident-card";
import { splitIncidents } from "./order";

export default function IncidentsPage() {
  const { data, error } = useQuery(incidentsQuery);
  const now = useNow(1000);
  const { active, resolved } = splitIncidents(data ?? []);
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
      {data && active.length === 0 && (
        <Notice icon="check" title="All quiet">
          Nothing is open. What opens appears here at once.
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
