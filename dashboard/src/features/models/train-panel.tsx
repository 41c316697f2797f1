import type { JobEvent } from "@/shared/api/types";
import { Button } from "@/shared/ui/button";
import { Icon } from "@/shared/ui/icon";
import { useTraining } from "./use-training";

export function TrainPanel() {
  const { start, error, job, busy } = useTraining();
  return (
    <div className="flex min-w-0 flex-col items-start gap-2 sm:items-end">
      <Button look="primary" onClick={start} disabled={busy}>
        <Icon name="layers" />
        {busy ? "Training…" : "Train now"}
      </Button>
      {error && (
        <p role="alert" className="text-alarm text-xs">
          {error.message}
        </p>
      )}
      {job && <Progress job={job} />}
    </div>
  );
}

function Progress({ job }: { job: JobEvent }) {
  const percent = Math.round(Math.max(0, Math.min(1, job.progress)) * 100);
  return (
    <div className="w-72 max-w-full" role="status">
      <div
        role="progressbar"
        aria-label="Training"
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={percent}
        tabIndex={-1}
        className="h-1.5 overflow-hidden rounded-full bg-sunken"
      >
        <div
          className={`h-full ${job.status === "failed" ? "bg-alarm" : "bg-accent"}`}
          style={{ width: `${percent}%` }}
        />
      </div>
      <p className={`mt-1 text-xs ${job.status === "failed" ? "text-alarm" : "text-ink-soft"}`}>
        {job.status === "succeeded" ? `Done${job.model ? `: ${job.model.slice(0, 8)}` : ""}` : job.message}
      </p>
    </div>
  );
}
