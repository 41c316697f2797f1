import { useQuery } from "@tanstack/react-query";
import { modelsQuery, statusQuery } from "@/shared/api/queries";
import type { ModelInfo } from "@/shared/api/types";
import { ago, integer, quantityText } from "@/shared/lib/format";
import { Badge, type Tone } from "@/shared/ui/badge";
import { Facts } from "@/shared/ui/facts";
import { Notice } from "@/shared/ui/notice";
import { PageHeader } from "@/shared/ui/page-header";
import { useNow } from "@/shared/ui/use-now";
import { Comparison } from "./comparison";
import { Drift } from "./drift";
import { Exclusions } from "./exclusions";
import { JobList } from "./job-list";
import { Preview } from "./preview";
import { PromoteButton, RollbackButton } from "./promotion";
import { TrainPanel } from "./train-panel";

const TONES: Record<ModelInfo["state"], Tone> = {
  champion: "good",
  challenger: "info",
  candidate: "neutral",
  retired: "neutral",
};
const RANKS: ModelInfo["state"][] = ["champion", "challenger", "candidate", "retired"];
const ORIGINS: Record<string, string> = {
  generated: "Generated normal behaviour",
  history: "History of this platform",
  "history+generated": "History, filled up with generated behaviour",
};

export const byState = (a: ModelInfo, b: ModelInfo): number =>
  RANKS.indexOf(a.state) - RANKS.indexOf(b.state) || b.createdAt - a.createdAt;

export default function ModelsPage() {
  const { data, error } = useQuery(modelsQuery);
  const { data: status } = useQuery(statusQuery);
  const now = useNow(10_000);
  return (
    <>
      <PageHeader
        title="Models"
        lead="The champion decides. A challenger scores the same ticks in silence and takes its place when it proves better; every replica swaps without a restart."
      >
        <TrainPanel />
      </PageHeader>
      {!data && !error && <div className="skeleton h-40" aria-busy="true" />}
      {!data && error && (
        <Notice icon="unplugged" title="Models cannot be loaded" role="alert">
          {error.message}
        </Notice>
      )}
      {data?.length === 0 && (
        <Notice icon="layers" title="The first model is on its way">
          It is trained on generated normal behaviour while the platform starts.
        </Notice>
      )}
      <ul className="grid gap-3">
        {[...(data ?? [])].sort(byState).map((model) => (
          <Model key={model.version} model={model} current={model.version === status?.model} now={now} />
        ))}
      </ul>
      <JobList now={now} />
      <Preview now={now} />
      <Exclusions now={now} />
    </>
  );
}

function Model({ model, current, now }: { model: ModelInfo; current: boolean; now: number }) {
  const facts: [string, string][] = [
    ["Trained on", ORIGINS[model.trainedOn] ?? model.trainedOn],
    ["Rows", integer(model.rows)],
    ["Created", ago(now - model.createdAt)],
    ["Serves", model.group === "any" ? "Every entity" : `Schema ${model.group.slice(0, 8)}`],
    ["Size", quantityText(model.sizeBytes, "By")],
    ["Features", model.featureSpec],
  ];
  return (
    <li className={`card p-4 md:p-5 ${model.state === "retired" ? "opacity-75" : ""}`}>
      <div className="flex flex-wrap items-center gap-2">
        <h2 className="font-semibold text-base tracking-tight" title={`SHA-256 ${model.sha256}`}>
          {model.version}
        </h2>
        <Badge tone={TONES[model.state]} icon={model.state === "champion" ? "check" : undefined}>
          {model.state.charAt(0).toUpperCase() + model.state.slice(1)}
        </Badge>
        {model.rolledBackAt != null && (
          <span title="It becomes champion again only when somebody makes it.">
            <Badge tone="warn" icon="back">
              Rolled back {ago(now - model.rolledBackAt)}
            </Badge>
          </span>
        )}
        {current && <Badge tone="accent">Scoring now</Badge>}
        <span className="ml-auto text-ink-soft text-xs">{model.kind.replaceAll("-", " ")}</span>
      </div>
      {model.reason && <p className="mt-1.5 text-ink-soft text-sm">{model.reason}</p>}
      <div className="mt-3">
        <Facts facts={facts} />
      </div>
      {model.comparison && (
        <Comparison comparison={model.comparison} running={model.state === "challenger"} now={now} />
      )}
      {model.state === "champion" && <Drift version={model.version} now={now} />}
      <div className="mt-3 flex flex-wrap items-center gap-3">
        {model.parent && <p className="text-ink-faint text-xs">Successor of {model.parent}</p>}
        <span className="ml-auto">
          {model.state === "champion" && model.replaced && <RollbackButton group={model.group} to={model.replaced} />}
          {(model.state === "challenger" || model.state === "retired") && <PromoteButton version={model.version} />}
        </span>
      </div>
    </li>
  );
}
