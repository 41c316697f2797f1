import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { statusQuery } from "@/shared/api/queries";
import { integer, milliseconds } from "@/shared/lib/format";
import { Link } from "@/shared/ui/link";

function Kpi({ name, children, title, wide }: { name: string; children: ReactNode; title?: string; wide?: boolean }) {
  return (
    <div className={`min-w-0 px-4 py-3 ${wide ? "max-md:col-span-2" : ""}`} title={title}>
      <dt className="truncate text-ink-faint text-xs">{name}</dt>
      <dd className="mt-0.5 truncate font-semibold text-lg leading-6 tracking-tight">{children}</dd>
    </div>
  );
}

const Unit = ({ children }: { children: ReactNode }) => (
  <span className="font-normal text-ink-soft text-xs"> {children}</span>
);

/** The platform in five numbers. */
export function KpiStrip() {
  const { data } = useQuery(statusQuery);
  const open = data?.openIncidents ?? 0;
  return (
    <dl className="card grid grid-cols-2 divide-line max-md:py-1 md:grid-cols-5 md:divide-x">
      <Kpi
        wide
        name="Loop latency"
        title="From receiving a tick to its verdict reaching this page's server, over the newest ticks"
      >
        {milliseconds(data?.loopLatencyMs.p50)}
        <Unit>ms p50</Unit> <span className="text-ink-faint">/</span> {milliseconds(data?.loopLatencyMs.p99)}
        <Unit>p99</Unit>
      </Kpi>
      <Kpi name="Samples per second">{data ? integer(data.samplesPerSecond) : "–"}</Kpi>
      <Kpi name="Entities">{data ? integer(data.entities) : "–"}</Kpi>
      <Kpi name="Open incidents">
        <Link href="/incidents" className={open > 0 ? "text-alarm underline underline-offset-4" : ""}>
          {data ? open : "–"}
        </Link>
      </Kpi>
      <Kpi name="Model" title={data?.model ?? undefined}>
        <Link href="/models" className="font-medium text-base">
          {data?.model ? data.model.slice(0, 8) : "none yet"}
        </Link>
      </Kpi>
    </dl>
  );
}
