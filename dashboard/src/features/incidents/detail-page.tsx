import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { ApiError } from "@/shared/api/client";
import { incidentQuery } from "@/shared/api/queries";
import type { IncidentEvent } from "@/shared/api/types";
import { about, rarity } from "@/shared/lib/format";
import { seriesTitle } from "@/shared/lib/series-name";
import { moment } from "@/shared/lib/time";
import { liveHref } from "@/shared/lib/url-state";
import { Icon } from "@/shared/ui/icon";
import { Link } from "@/shared/ui/link";
import { Notice } from "@/shared/ui/notice";
import { IncidentStatusBadge, SeverityBadge } from "@/shared/ui/state-badges";
import { useNow } from "@/shared/ui/use-now";
import { AcknowledgeButton } from "./acknowledge-button";
import { Contributors } from "./contributors";
import { FeedbackButtons } from "./feedback-buttons";
import { lasted } from "./incident-card";
import { kindText } from "./kinds";
import { timeline } from "./timeline";

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

function Incident({ incident }: { incident: IncidentEvent }) {
  const now = useNow(1000);
  return (
    <div className="grid gap-3 lg:grid-cols-[1fr_21rem]">
      <div className="card p-5 md:p-6">
        <div className="flex flex-wrap items-center gap-2">
          <SeverityBadge severity={incident.severity} />
          <IncidentStatusBadge incident={incident} />
          <span className="text-ink-soft text-xs">{kindText(incident.kind)}</span>
        </div>
        <h1 className="mt-3 wrap-anywhere max-w-3xl font-semibold text-2xl leading-tight tracking-tight">
          {incident.summary}
        </h1>
        <div className="mt-5 flex flex-wrap items-center gap-x-4 gap-y-2">
          <AcknowledgeButton incident={incident} />
          <Link
            href={liveHref({ entity: incident.entity, at: incident.startedAt })}
            className="flex items-center gap-1.5 font-medium text-accent hover:underline"
          >
            See the charts at that time
            <Icon name="arrow" size={15} />
          </Link>
        </div>
        <FeedbackButtons incident={incident.id} />
        {incident.contributors.length > 0 && (
          <section className="mt-8" aria-labelledby="why">
            <h2 id="why" className="mb-1 font-semibold text-base">
              Why
            </h2>
            <p className="mb-4 text-ink-soft text-xs">
              The bar is the normal range, the diamond what was seen. Most unusual first.
            </p>
            <Contributors items={incident.contributors} />
          </section>
        )}
        <ForecastNote incident={incident} />
      </div>
      <aside className="grid content-start gap-3">
        <div className="card p-5">
          <h2 className="mb-3 font-semibold text-base">Course</h2>
          <ol className="relative grid gap-4 border-line-strong border-l pl-4">
            {timeline(incident).map((step) => (
              <li key={step.what} className="relative">
                <span className="absolute top-1.5 -left-[21px] size-2.5 rounded-full border-2 border-card bg-accent" />
                <p className="flex justify-between gap-3 font-medium">
                  {step.what}
                  <time className="font-normal text-ink-soft" dateTime={new Date(step.at).toISOString()}>
                    {moment(step.at, now)}
                  </time>
                </p>
                {step.detail && <p className="text-ink-soft text-xs">{step.detail}</p>}
              </li>
            ))}
          </ol>
        </div>
        <dl className="card grid grid-cols-[auto_1fr] gap-x-6 gap-y-2 p-5">
          <Fact name="Entity">
            <Link href={liveHref({ entity: incident.entity })} className="text-accent hover:underline">
              {incident.entity}
            </Link>
          </Fact>
          <Fact name={incident.resolvedAt ? "Lasted" : "Lasts"}>{lasted(incident, now)}</Fact>
          <Fact name="Rarity">{rarity(incident.p)}</Fact>
          <Fact name="Score">{incident.score?.toFixed(2) ?? "–"}</Fact>
          <Fact name="Detections">{incident.count}</Fact>
          <Fact name="Model">{incident.model ? incident.model.slice(0, 12) : "–"}</Fact>
        </dl>
      </aside>
    </div>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt className="text-ink-faint">{name}</dt>
      <dd className="truncate text-right font-medium">{children}</dd>
    </>
  );
}

function ForecastNote({ incident }: { incident: IncidentEvent }) {
  const { forecast } = incident;
  if (!forecast || forecast.medianSeconds === null) return null;
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
