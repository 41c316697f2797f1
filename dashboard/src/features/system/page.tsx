import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { statusQuery } from "@/shared/api/queries";
import type { LatencyMs, ServiceStatus } from "@/shared/api/types";
import { ago, integer, milliseconds } from "@/shared/lib/format";
import { Badge } from "@/shared/ui/badge";
import { Notice } from "@/shared/ui/notice";
import { PageHeader } from "@/shared/ui/page-header";
import { useNow } from "@/shared/ui/use-now";
import { healthLook } from "./health";
import { Pipeline } from "./pipeline";

export default function SystemPage() {
  const { data, error } = useQuery(statusQuery);
  const now = useNow(1000);
  return (
    <>
      <PageHeader title="System" lead="How Forewarn itself is doing. Its services talk only through Dapr.">
        {data && <span className="text-ink-faint text-xs">as of {ago(now - data.at)}</span>}
      </PageHeader>
      {!data && !error && <div className="skeleton h-64" aria-busy="true" />}
      {!data && error && (
        <Notice icon="unplugged" title="The platform cannot be reached" role="alert">
          {error.message}
        </Notice>
      )}
      {data && (
        <div className="grid gap-3">
          <div className="grid gap-3 sm:grid-cols-2 xl:grid-cols-4">
            <Latency title="Loop latency" note="sample in → verdict here" value={data.loopLatencyMs} />
            <Latency title="Alert latency" note="deciding sample in → notification out" value={data.alertLatencyMs} />
            <Figure title="Samples per second" note="over the last 10 s">
              {integer(data.samplesPerSecond)}
            </Figure>
            <Figure title="Entities" note="with data in the last minute">
              {integer(data.entities)}
            </Figure>
          </div>
          <h2 className="mt-4 font-semibold text-base tracking-tight">How data flows</h2>
          <Pipeline services={data.services} />
          <h2 className="mt-4 font-semibold text-base tracking-tight">Storage</h2>
          <Storage storage={data.storage} />
          <h2 className="mt-4 font-semibold text-base tracking-tight">Services</h2>
          <ul className="grid gap-x-3 gap-y-3 sm:grid-cols-2 xl:grid-cols-4">
            {data.services.map((service) => (
              <Service key={service.name} service={service} />
            ))}
          </ul>
        </div>
      )}
    </>
  );
}

/** "PostgreSQL 17.10, native partitions (why)": what comes first is what people look for. */
export function Storage({ storage }: { storage: string | null | undefined }) {
  const [, what, why] = /^(.*?, [^(,]+?) \((.*)\)$/s.exec(storage ?? "") ?? [];
  return (
    <div className="card flex flex-wrap items-baseline gap-x-4 gap-y-1 px-4 py-3">
      <span className="font-medium">{what ?? storage ?? "Not known"}</span>
      {(why || !storage) && (
        <span className="min-w-0 break-words text-ink-soft text-xs">
          {why ?? "history does not answer, or has not connected to its database yet"}
        </span>
      )}
    </div>
  );
}

function Figure({ title, note, children }: { title: string; note: string; children: ReactNode }) {
  return (
    <div className="card px-4 py-3.5">
      <p className="text-ink-soft">{title}</p>
      <p className="mt-1 font-semibold text-2xl tracking-tight">{children}</p>
      <p className="mt-0.5 text-ink-faint text-xs">{note}</p>
    </div>
  );
}

function Latency({ title, note, value }: { title: string; note: string; value: LatencyMs }) {
  const count = value.count > 0 ? `${note}, newest ${integer(value.count)}` : `${note}, none yet`;
  return (
    <Figure title={title} note={count}>
      {milliseconds(value.p50)}
      <span className="font-normal text-ink-soft text-sm"> ms p50 </span>
      <span className="ml-2">{milliseconds(value.p99)}</span>
      <span className="font-normal text-ink-soft text-sm"> ms p99</span>
    </Figure>
  );
}

function Service({ service }: { service: ServiceStatus }) {
  const { tone, icon, word } = healthLook(service);
  return (
    <li className="card flex flex-wrap items-center justify-between gap-x-4 gap-y-1 px-4 py-3">
      <span className="font-medium">{service.name}</span>
      <Badge tone={tone} icon={icon}>
        {word}
      </Badge>
      {service.detail && <span className="w-full text-ink-soft text-xs">{service.detail}</span>}
    </li>
  );
}
