import { useQuery } from "@tanstack/react-query";
import { jobsQuery } from "@/shared/api/queries";
import type { JobEvent } from "@/shared/api/types";
import { ago } from "@/shared/lib/format";
import { Badge, type Tone } from "@/shared/ui/badge";
import { ProgressBar } from "@/shared/ui/progress";

const TONES: Record<JobEvent["status"], Tone> = { running: "info", succeeded: "good", failed: "alarm" };
const TRIGGERS: Record<NonNullable<JobEvent["trigger"]>, string> = {
  request: "Somebody asked",
  start: "There was no model",
  schedule: "By schedule",
  drift: "What is measured has moved",
  feedback: "Enough new feedback",
  group: "A group has enough history",
};

const KINDS: Record<string, string> = { preview: "Preview" };

/** The newest trainings and previews, whatever set them off. */
export function JobList({ now }: { now: number }) {
  const { data } = useQuery(jobsQuery);
  if (!data?.length) return null;
  return (
    <section className="mt-6" aria-labelledby="jobs">
      <h2 id="jobs" className="font-semibold text-base tracking-tight">
        Trainings
      </h2>
      <ul className="card mt-3 divide-y divide-line">
        {data.map((job) => (
          <li key={job.id} className="px-4 py-3">
            <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
              <Badge tone={TONES[job.status]}>{job.status.charAt(0).toUpperCase() + job.status.slice(1)}</Badge>
              {KINDS[job.kind] && <Badge>{KINDS[job.kind]}</Badge>}
              <span className="font-medium">{TRIGGERS[job.trigger ?? "request"]}</span>
              {job.model && <span className="text-ink-soft text-xs">{job.model}</span>}
              <span className="ml-auto text-ink-faint text-xs">{ago(now - job.at)}</span>
            </div>
            <p className={`mt-1 text-sm ${job.status === "failed" ? "text-alarm" : "text-ink-soft"}`}>{job.message}</p>
            {job.status === "running" && (
              <div className="mt-2">
                <ProgressBar label={`${KINDS[job.kind] ?? "Training"} ${job.id}`} value={job.progress} />
              </div>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}
