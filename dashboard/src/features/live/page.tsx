import { useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { entitiesQuery } from "@/shared/api/queries";
import { navigate, useLocation } from "@/shared/lib/router";
import { moment } from "@/shared/lib/time";
import { type LiveView, liveHref, parseLiveView, RANGE_SPEC } from "@/shared/lib/url-state";
import { useWatchedEntity } from "@/shared/lib/watched-entity";
import { Button } from "@/shared/ui/button";
import { Icon } from "@/shared/ui/icon";
import { Notice } from "@/shared/ui/notice";
import { ChartGrid } from "./chart-grid";
import { EntityPicker } from "./entity-picker";
import { ExportMenu } from "./export-menu";
import { IncidentBanner } from "./incident-banner";
import { KpiStrip } from "./kpi-strip";
import { MissedPanel } from "./missed-panel";
import { RangePicker } from "./range-picker";
import { useLiveStore } from "./use-live-store";
import { VerdictCard } from "./verdict-card";

/** The home page: one entity, now or at a moment of the past. */
export function LivePage() {
  const { search } = useLocation();
  const entity = useWatchedEntity();
  const entities = useQuery(entitiesQuery);
  const address = parseLiveView(search);
  const view: LiveView = { ...address, entity: entity ?? "" };
  // The address names what is shown, so that it can be passed on.
  useEffect(() => {
    if (address.entity === "" && view.entity !== "") navigate(liveHref(view), { replace: true });
  });
  const show = (change: Partial<LiveView>): void => navigate(liveHref({ ...view, ...change }));

  return (
    <>
      <h1 className="sr-only">Live</h1>
      <div className="mb-3 flex flex-wrap items-center gap-2">
        <div className="w-full sm:w-72">
          <EntityPicker
            entities={entities.data ?? []}
            value={view.entity}
            onChange={(to) => show({ entity: to, at: null })}
          />
        </div>
        {view.at !== null && (
          <span className="flex items-center gap-2 text-ink-soft">
            <Icon name="clock" />
            around {moment(view.at, Date.now())}
            <Button look="primary" onClick={() => show({ at: null })}>
              <Icon name="play" size={14} />
              Go live
            </Button>
          </span>
        )}
        <div className="flex w-full gap-2 sm:ml-auto sm:w-auto">
          <RangePicker value={view.range} onChange={(range) => show({ range })} />
          {view.entity !== "" && <ExportMenu view={view} />}
        </div>
      </div>
      {view.entity === "" ? (
        <NoEntity loading={entity === undefined} error={entities.error} />
      ) : (
        <Watching view={view} />
      )}
    </>
  );
}

function NoEntity({ loading, error }: { loading: boolean; error: Error | null }) {
  if (loading) return <Skeleton />;
  if (error)
    return (
      <Notice icon="unplugged" title="The platform cannot be reached" role="alert">
        {error.message} This page goes on by itself as soon as it answers.
      </Notice>
    );
  return (
    <Notice icon="pulse" title="Waiting for the first data">
      Nothing has been received yet. The machine Forewarn runs on appears within a few seconds; other systems send to{" "}
      <code>POST /v1/metrics/json</code>.
    </Notice>
  );
}

function Watching({ view }: { view: LiveView }) {
  const { store, structure } = useLiveStore(view);
  const { data: entities } = useQuery(entitiesQuery);
  const firstSeen = entities?.find((info) => info.entity === view.entity)?.firstSeen;
  return (
    <>
      {view.at === null && <IncidentBanner entity={view.entity} />}
      <div className="grid gap-3">
        <div className="max-md:order-last">
          <KpiStrip />
        </div>
        <VerdictCard store={store} structure={structure} at={view.at} firstSeen={firstSeen} />
      </div>
      {structure.error && structure.status === "ready" && (
        <p role="alert" className="mt-3 rounded-lg bg-warn-soft px-4 py-2 text-warn">
          The past could not be loaded: {structure.error}
        </p>
      )}
      {structure.status === "failed" && (
        <div className="mt-4">
          <Notice icon="unplugged" title="The past could not be loaded" role="alert">
            {structure.error} New points appear as they arrive.
          </Notice>
        </div>
      )}
      {structure.status === "loading" && structure.series.length === 0 && <Skeleton />}
      {structure.status === "ready" && structure.series.length === 0 && (
        <div className="mt-4">
          <Notice icon="search" title={`${view.entity} sent nothing in this window`}>
            The window is {RANGE_SPEC[view.range].label} wide. Try a longer one, or another entity.
          </Notice>
        </div>
      )}
      <ChartGrid store={store} structure={structure} at={view.at} />
      <MissedPanel key={`${view.entity} ${view.at}`} entity={view.entity} at={view.at} />
    </>
  );
}

function Skeleton() {
  return (
    <div
      className="mt-4 grid grid-cols-1 gap-3 md:grid-cols-2 xl:grid-cols-3"
      role="status"
      aria-busy="true"
      aria-label="Loading"
    >
      {["a", "b", "c", "d", "e", "f"].map((key) => (
        <div key={key} className="card h-56 p-4">
          <div className="skeleton h-4 w-28" />
          <div className="skeleton mt-4 h-36 w-full" />
        </div>
      ))}
    </div>
  );
}
