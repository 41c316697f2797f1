import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { apiPath } from "@/shared/api/client";
import { jobsQuery, previewQuery } from "@/shared/api/queries";
import type { FeedbackPreview, PreviewedEntity } from "@/shared/api/types";
import { ago, duration, integer } from "@/shared/lib/format";
import { Button } from "@/shared/ui/button";
import { Facts } from "@/shared/ui/facts";
import { Select } from "@/shared/ui/field";
import { JobProgress } from "./job-progress";
import { Replay } from "./replay";
import { useJob } from "./use-job";

const TAUGHT = { who: "the model with the feedback", title: "With feedback" };
const DAYS = [
  ["1", "1 day"],
  ["7", "7 days"],
  ["31", "31 days"],
] as const;

/** What learning the feedback would have changed, before it is applied. */
export function Preview({ now }: { now: number }) {
  const [days, setDays] = useState("1");
  const { data: jobs } = useQuery(jobsQuery);
  const made = jobs?.find((one) => one.kind === "preview" && one.status === "succeeded")?.id;
  const { data, error: unread } = useQuery(previewQuery(made));
  const { start, error, job, busy } = useJob(jobsQuery.queryKey);
  const failure = error ?? unread;
  return (
    <section className="mt-6" aria-labelledby="preview">
      <div className="flex flex-wrap items-end justify-between gap-x-6 gap-y-3">
        <div>
          <h2 id="preview" className="font-semibold text-base tracking-tight">
            Feedback
          </h2>
          <p className="mt-1 max-w-2xl text-ink-soft">
            The next training learns what people said. A preview trains a model aside and compares it on the past;
            nothing of it is applied.
          </p>
        </div>
        <div className="flex flex-wrap items-end gap-2">
          <Select label="Over the last" value={days} onChange={setDays} options={DAYS} disabled={busy} />
          <Button onClick={() => start(apiPath("/api/feedback/preview", { days }))} disabled={busy}>
            {busy ? "Previewing…" : "Preview what feedback would change"}
          </Button>
        </div>
      </div>
      {failure && (
        <p role="alert" className="mt-2 text-alarm text-xs">
          {failure.message}
        </p>
      )}
      {job && (
        <div className="mt-3">
          <JobProgress label="Preview" job={job} />
        </div>
      )}
      {data && <Outcome preview={data} now={now} />}
    </section>
  );
}

function Outcome({ preview, now }: { preview: FeedbackPreview; now: number }) {
  return (
    <div className="card mt-3 p-4 md:p-5">
      <p className="text-ink-soft text-xs">
        Made {ago(now - preview.at)}, beside {preview.champion}
      </p>
      <div className="mt-3">
        <Facts
          facts={[
            ["Incidents now", integer(sum(preview.entities, "before"))],
            ["With the feedback", integer(sum(preview.entities, "after"))],
            ["Learned as normal", plural(preview.falseAlarms, "false alarm")],
            ["Kept out as useful", plural(preview.useful, "incident")],
            ["Kept out as missed", plural(preview.missed, "time")],
          ]}
        />
      </div>
      <Entities entities={preview.entities} />
      {preview.entitiesLeftOut > 0 && (
        <p className="mt-2 text-ink-faint text-xs">No room was left for {integer(preview.entitiesLeftOut)} more.</p>
      )}
      <Replay replay={preview.labels} tried={TAUGHT} now={now} />
    </div>
  );
}

const sum = (entities: readonly PreviewedEntity[], side: "before" | "after"): number =>
  entities.reduce((total, entity) => total + entity[side], 0);

const plural = (count: number, thing: string): string => `${integer(count)} ${thing}${count === 1 ? "" : "s"}`;

function Entities({ entities }: { entities: readonly PreviewedEntity[] }) {
  if (entities.length === 0) return <p className="mt-3 text-ink-soft">History held nothing to compare on.</p>;
  return (
    <table className="mt-4 w-full max-w-3xl text-left">
      <caption className="sr-only">Incidents that would have been opened, by entity</caption>
      <thead className="text-ink-faint text-xs">
        <tr>
          <th className="py-1 pr-3 font-normal">Entity</th>
          <th className="py-1 pr-3 font-normal max-sm:hidden">Compared on</th>
          <th className="py-1 pr-3 text-right font-normal">Now</th>
          <th className="py-1 text-right font-normal">With feedback</th>
        </tr>
      </thead>
      <tbody className="divide-y divide-line">
        {entities.map((entity) => (
          <tr key={entity.entity}>
            <th scope="row" className="break-all py-1.5 pr-3 font-medium">
              {entity.entity}
            </th>
            <td className="py-1.5 pr-3 text-ink-soft max-sm:hidden">{duration(entity.to - entity.from)}</td>
            <td className="py-1.5 pr-3 text-right">{integer(entity.before)}</td>
            <td className={`py-1.5 text-right ${entity.after === entity.before ? "" : "font-semibold"}`}>
              {integer(entity.after)}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
