import { useQuery } from "@tanstack/react-query";
import { silencesQuery } from "@/shared/api/alert-queries";
import type { Silence } from "@/shared/api/alert-types";
import { navigate, useLocation } from "@/shared/lib/router";
import { parseSilenceLink, silenceHref } from "@/shared/lib/silence-link";
import { Button } from "@/shared/ui/button";
import { Icon } from "@/shared/ui/icon";
import { Notice } from "@/shared/ui/notice";
import { PageHeader } from "@/shared/ui/page-header";
import { useNow } from "@/shared/ui/use-now";
import { byTime } from "./order";
import { SilenceForm } from "./silence-form";
import { SilenceRow } from "./silence-row";

/** Past ones are a record, not work: so many are enough. */
const PAST = 20;

export default function SilencesPage() {
  const { data, error } = useQuery(silencesQuery);
  const { search } = useLocation();
  const now = useNow(1000);
  const link = parseSilenceLink(search);
  const { active, coming, past } = byTime(data ?? [], now);
  return (
    <>
      <PageHeader
        title="Silences"
        lead="Matching incidents still open and are recorded; nobody is told of them. Maintenance is left out of trainings, too."
      >
        {!link && (
          <Button look="primary" className="max-sm:h-11" onClick={() => navigate(silenceHref({}))}>
            <Icon name="muted" />
            New silence
          </Button>
        )}
      </PageHeader>
      {link && <SilenceForm key={search} link={link} onClose={() => navigate("/silences", { replace: true })} />}
      {!data && !error && <div className="skeleton h-40" aria-busy="true" />}
      {!data && error && (
        <Notice icon="unplugged" title="Silences cannot be loaded" role="alert">
          {error.message}
        </Notice>
      )}
      {data && active.length + coming.length === 0 && (
        <Notice icon="bell" title="Nothing is silenced">
          Everybody is told of everything. Silence what is known, or plan the maintenance of tomorrow.
        </Notice>
      )}
      <Group title="Active" silences={active} now={now} />
      <Group title="Coming" silences={coming} now={now} />
      <Group title="Past" silences={past.slice(0, PAST)} now={now} />
    </>
  );
}

function Group({ title, silences, now }: { title: string; silences: readonly Silence[]; now: number }) {
  if (silences.length === 0) return null;
  return (
    <section className="mt-6 first-of-type:mt-0" aria-label={title}>
      <h2 className="mb-2.5 font-semibold text-base tracking-tight">{title}</h2>
      <ul className="card divide-y divide-line">
        {silences.map((silence) => (
          <SilenceRow key={silence.id} silence={silence} now={now} />
        ))}
      </ul>
    </section>
  );
}
