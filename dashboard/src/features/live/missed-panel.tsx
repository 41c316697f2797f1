import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { post } from "@/shared/api/client";
import type { FeedbackEvent } from "@/shared/api/types";
import { fromLocalInput, toLocalInput } from "@/shared/lib/local-input";
import { Button } from "@/shared/ui/button";
import { MomentInput } from "@/shared/ui/field";

const DEFAULT_SPAN_MS = 10 * 60_000;

/** "Something was missed here": a time in which nobody was told. Models are not trained on it, and new ones must find it. */
export function MissedPanel({ entity, at }: { entity: string; at: number | null }) {
  const [end] = useState(() => at ?? Date.now());
  const [from, setFrom] = useState(() => toLocalInput(end - DEFAULT_SPAN_MS));
  const [to, setTo] = useState(() => toLocalInput(end));
  const report = useMutation({
    mutationFn: (span: { from: number; to: number }) =>
      post<FeedbackEvent>("/api/feedback", { kind: "missed", entity, ...span }),
  });
  const span = { from: fromLocalInput(from), to: fromLocalInput(to) };
  const isSpan = span.from !== null && span.to !== null && span.to > span.from;
  const send = (event: FormEvent): void => {
    event.preventDefault();
    if (span.from !== null && span.to !== null) report.mutate({ from: span.from, to: span.to });
  };
  return (
    <details className="card mt-3 px-4 py-3">
      <summary className="cursor-pointer font-medium text-ink-soft text-sm">Something was missed here</summary>
      <form className="mt-3 flex flex-wrap items-end gap-3" onSubmit={send}>
        <MomentInput label="From" value={from} onChange={setFrom} />
        <MomentInput label="To" value={to} onChange={setTo} />
        <Button type="submit" disabled={!isSpan || report.isPending}>
          {report.isPending ? "Reporting…" : "Report"}
        </Button>
        <span role="status" className="text-ink-soft text-xs">
          {report.isSuccess && "Reported: it is left out of trainings, and new models are tried on it."}
        </span>
        {report.error && (
          <span role="alert" className="text-alarm text-xs">
            {report.error.message}
          </span>
        )}
      </form>
    </details>
  );
}
