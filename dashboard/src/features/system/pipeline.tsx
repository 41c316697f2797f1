import type { ServiceStatus } from "@/shared/api/types";
import { Icon } from "@/shared/ui/icon";
import { healthLook } from "./health";

interface Stage {
  service: string;
  job: string;
  /** Topic on the way to the next stage. */
  topic?: string;
}

const LOOP: Stage[] = [
  { service: "ingestion", job: "takes samples in", topic: "metrics.raw" },
  { service: "stream-processor", job: "computes features", topic: "metrics.features" },
  { service: "predictor", job: "scores and forecasts", topic: "detections" },
  { service: "alerting", job: "opens and resolves", topic: "incidents" },
  { service: "gateway", job: "serves this page" },
];

const BESIDE: { service: string; job: string; topics: string }[] = [
  { service: "history", job: "keeps samples, scores, incidents", topics: "reads metrics.raw, predictions, incidents" },
  { service: "trainer", job: "trains and publishes models", topics: "publishes models, jobs" },
];

const EDGE: Record<string, string> = {
  good: "border-line-strong",
  neutral: "border-line-strong border-dashed",
  warn: "border-warn",
  alarm: "border-alarm",
};
const INK: Record<string, string> = {
  good: "text-good",
  neutral: "text-ink-faint",
  warn: "text-warn",
  alarm: "text-alarm",
};

interface NodeProps {
  service: string;
  job: string;
  topics?: string;
  state: ServiceStatus | undefined;
}

function Node({ service, job, topics, state }: NodeProps) {
  const { tone, icon, word } = healthLook(state);
  return (
    <div className={`min-w-0 flex-1 rounded-xl border bg-card px-3.5 py-3 ${EDGE[tone]}`}>
      <p className="flex items-center gap-1.5 whitespace-nowrap font-semibold">
        <Icon name={icon} size={15} className={INK[tone]} />
        {service}
        <span className="sr-only">: {word}</span>
      </p>
      <p className="mt-0.5 text-ink-soft text-xs">{job}</p>
      {topics && <p className="mt-1 text-[11px] text-ink-faint">{topics}</p>}
    </div>
  );
}

/** How data flows: boxes are services with their state, words on the arrows are topics. */
export function Pipeline({ services }: { services: readonly ServiceStatus[] }) {
  const stateOf = (name: string): ServiceStatus | undefined => services.find((service) => service.name === name);
  return (
    <div className="card p-4 md:p-5">
      <ol className="flex flex-col xl:flex-row xl:items-stretch" aria-label="The live path">
        {LOOP.map(({ service, job, topic }) => (
          <li key={service} className="flex flex-col xl:flex-[1.5_1_0%] xl:flex-row xl:items-center xl:last:flex-1">
            <Node service={service} job={job} state={stateOf(service)} />
            {topic && (
              <span className="flex items-center justify-start gap-1.5 py-1.5 pl-5 text-[11px] text-ink-faint xl:w-26 xl:shrink-0 xl:flex-col xl:justify-center xl:px-1 xl:py-0">
                <span>{topic}</span>
                <Icon name="arrow" size={16} className="rotate-90 text-accent xl:rotate-0" />
              </span>
            )}
          </li>
        ))}
      </ol>
      <div className="mt-5 grid gap-3 border-line border-t pt-5 md:grid-cols-2">
        {BESIDE.map(({ service, job, topics }) => (
          <Node key={service} service={service} job={job} topics={topics} state={stateOf(service)} />
        ))}
      </div>
    </div>
  );
}
