import { useState } from "react";
import { apiPath } from "@/shared/api/client";
import { modelsQuery } from "@/shared/api/queries";
import { Button } from "@/shared/ui/button";
import { Select } from "@/shared/ui/field";
import { Icon } from "@/shared/ui/icon";
import { JobProgress } from "./job-progress";
import { useJob } from "./use-job";

/** The trainer's recipes; without one it takes the kind it is configured for. */
const KINDS = [
  ["", "As configured"],
  ["isolation-forest", "Isolation forest"],
  ["autoencoder", "Autoencoder"],
  ["half-space-trees", "Half-space trees"],
] as const;

export function TrainPanel() {
  const [kind, setKind] = useState("");
  const { start, error, job, busy } = useJob(modelsQuery.queryKey);
  return (
    <div className="flex min-w-0 flex-col items-start gap-2 sm:items-end">
      <div className="flex items-end gap-2">
        <Select label="Kind of model" value={kind} onChange={setKind} options={KINDS} disabled={busy} />
        <Button look="primary" onClick={() => start(apiPath("/api/train", { kind }))} disabled={busy}>
          <Icon name="layers" />
          {busy ? "Training…" : "Train now"}
        </Button>
      </div>
      {error && (
        <p role="alert" className="text-alarm text-xs">
          {error.message}
        </p>
      )}
      {job && <JobProgress label="Training" job={job} />}
    </div>
  );
}
