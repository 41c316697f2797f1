import type { JobEvent } from "@/shared/api/types";
import { ProgressBar } from "@/shared/ui/progress";

/** The job somebody has just started here. */
export function JobProgress({ label, job }: { label: string; job: JobEvent }) {
  const failed = job.status === "failed";
  return (
    <div className="w-72 max-w-full" role="status">
      <ProgressBar label={label} value={job.progress} failed={failed} />
      <p className={`mt-1 text-xs ${failed ? "text-alarm" : "text-ink-soft"}`}>
        {job.status === "succeeded" ? `Done${job.model ? `: ${job.model.slice(0, 8)}` : ""}` : job.message}
      </p>
    </div>
  );
}
