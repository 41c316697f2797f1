import { useQuery } from "@tanstack/react-query";
import { ApiError } from "@/shared/api/client";
import { incidentQuery } from "@/shared/api/queries";
import type { IncidentEvent } from "@/shared/api/types";
import { about } from "@/shared/lib/format";
import { kindText } from "@/shared/lib/kinds";
import { seriesTitle } from "@/shared/lib/series-name";
import { liveHref } from "@/shared/lib/url-state";
import { Icon } from "@/shared/ui/icon";
import { IncidentMarks } from "@/shared/ui/incident-badges";
import { Link } from "@/shared/ui/link";
import { Notice } from "@/shared/ui/notice";
import { IncidentStatusBadge, SeverityBadge } from "@/shared/ui/state-badges";
import { useNow } from "@/shared/ui/use-now";
import { ActionBar } from "./action-bar";
import { Contributors } from "./contributors";
import { Deliveries } from "./deliveries";
import { FeedbackButtons } from "./feedback-buttons";
import { IncidentFacts } from "./incident-facts";
import { PredictionCard } from "./prediction-card";
import { Story } from "./story";
import { Symptoms } from "./symptoms";

export default function IncidentPage({ id }: { id: string }) {
  const { data, error } = useQuery(incidentQuery(id));
  return (
    <>
      <Link
        href="/incidents"
        className="mb-4 inline-flex items-center gap-1.5 font-medium text-ink-soft hover:text-ink"
      >
        <Icon name="back" size={15} />
        All incidents
      </Link>
      {!data && !error && <div className="skeleton h-64" aria-busy="true" />}
      {!data && error && (
        <Notice
          icon="search"
          title={
            error instanceof ApiError && error.status === 404
              ? "There is no such incident"
              : "The incident cannot be loaded"
          }
          role="alert"
        >
          {error.message}
        </Notice>
      )}
      {data && <Incident incident={data} />}
    </>
  );
}

/** What it is and what to do first; then what was predicted, who moved first, and why; beside it the course. */
function Incident({ incident }: { incident: IncidentEvent }) {
  const now = useNow(1000);
  return (
    <div className="grid gap-3 lg:grid-cols-[minmax(0,1fr)_22rem]">
      <div className="grid content-start gap-3">
        <div className={`card p-5 md:p-6 ${incident.storm ? "border-alarm/60 border-l-4" : ""}`}>
          <div className="flex flex-wrap items-center gap-2">
            <SeverityBadge severity={incident.severity} />
            <IncidentStatusBadge incident={incident} />
            <IncidentMarks incident={incident} now={now} />
            <span className="text-ink-soft text-xs">{kindText(incident.kind)}</span>
          </div>
          <h1 className="wrap-anywhere mt-3 max-w-3xl font-semibold text-xl leading-tight tracking-tight md:text-2xl">
            {incident.summary}
          </h1>
          <p className="mt-3 flex flex-wrap items-center gap-x-4 gap-y-1">
            <span className="wrap-anywhere flex items-center gap-1.5 text-ink-soft">
              <Icon name="server" size={14} />
              {incident.entity}
            </span>
            <Link
              href={liveHref({ entity: incident.entity, at: incident.startedAt })}
              className="flex items-center gap-1.5 font-medium text-accent hover:underline max-sm:py-2"
            >
              See the charts at that time
              <Icon name="arrow" size={15} />
            </Link>
          </p>
          <ActionBar incident={incident} />
          <FeedbackButtons incident={incident.id} />
          <ForecastNote incident={incident} />
        </div>
        {incident.prediction && (
          <PredictionCard prediction={incident.prediction} contributors={incident.contributors} now={now} />
        )}
        <Symptoms incident={incident} now={now} />
        {incident.contributors.length > 0 && (
          <section className="card p-5 md:p-6" aria-labelledby="why">
            <h2 id="why" className="mb-1 font-semibold text-base">
              Why
            </h2>
            <p className="mb-4 text-ink-soft text-xs">
              The bar is the normal range, the diamond what was seen. Most unusual first.
            </p>
            <Contributors items={incident.contributors} ranked />
          </section>
        )}
      </div>
      <aside className="grid content-start gap-3">
        <Story incident={incident} now={now} />
        <Deliveries incident={incident} now={now} />
        <IncidentFacts incident={incident} now={now} />
      </aside>
    </div>
  );
}

function ForecastNote({ incident }: { incident: IncidentEvent }) {
  const { forecast } = incident;
  // A prediction says the same better: with what became of it.
  if (incident.prediction || !forecast || forecast.medianSeconds === null) return null;
  const series = incident.contributors.find((item) => item.series === forecast.series);
  const between =
    forecast.lowSeconds !== null && forecast.highSeconds !== null
      ? `, 80 % between ${about(forecast.lowSeconds)} and ${about(forecast.highSeconds)}`
      : "";
  return (
    <p className="mt-6 flex items-center gap-2 rounded-lg bg-warn-soft px-4 py-3 text-warn">
      <Icon name="clock" />
      <span>
        Forecast when it was last judged: {series ? seriesTitle(series.name, series.labels) : "the series"} reaches its
        limit in {about(forecast.medianSeconds)}
        {between}.
      </span>
    </p>
  );
}
