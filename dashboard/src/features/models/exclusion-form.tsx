import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { post } from "@/shared/api/client";
import { entitiesQuery, exclusionsQuery } from "@/shared/api/queries";
import type { Exclusion, ExclusionKind } from "@/shared/api/types";
import { fromLocalInput, toLocalInput } from "@/shared/lib/local-input";
import { Button } from "@/shared/ui/button";
import { MomentInput, Select, TextInput } from "@/shared/ui/field";

const HOUR_MS = 3_600_000;
// As FeedbackRules of the contracts.
const MAX_ENTITY = 255;
const MAX_REASON = 300;
/** More names than these no list can be read. */
const MAX_SUGGESTED = 200;
const KINDS = [
  ["maintenance", "Maintenance"],
  ["flagged", "Not normal"],
] as const;

/** Leaves a time out of every training from now on. */
export function ExclusionForm() {
  const client = useQueryClient();
  const { data: entities } = useQuery(entitiesQuery);
  const [opened] = useState(() => Date.now());
  const [entity, setEntity] = useState("");
  const [from, setFrom] = useState(() => toLocalInput(opened - HOUR_MS));
  const [to, setTo] = useState(() => toLocalInput(opened));
  const [kind, setKind] = useState<ExclusionKind>("maintenance");
  const [reason, setReason] = useState("");
  const add = useMutation({
    mutationFn: (span: { from: number; to: number }) =>
      post<Exclusion>("/api/training/exclusions", {
        ...span,
        kind,
        entity: entity.trim() || undefined,
        reason: reason.trim() || undefined,
      }),
    onSuccess: () => setReason(""),
    onSettled: () => client.invalidateQueries({ queryKey: exclusionsQuery.queryKey }),
  });
  const span = { from: fromLocalInput(from), to: fromLocalInput(to) };
  const isSpan = span.from !== null && span.to !== null && span.to > span.from;
  const send = (event: FormEvent): void => {
    event.preventDefault();
    if (span.from !== null && span.to !== null) add.mutate({ from: span.from, to: span.to });
  };
  return (
    <details className="border-line border-t px-4 py-3 first:border-t-0">
      <summary className="cursor-pointer font-medium text-ink-soft text-sm">Leave a time out</summary>
      <form className="mt-3 flex flex-wrap items-end gap-3" onSubmit={send}>
        <TextInput
          label="Entity"
          value={entity}
          onChange={setEntity}
          placeholder="Every entity"
          maxLength={MAX_ENTITY}
          list="exclusion-entities"
        />
        <datalist id="exclusion-entities">
          {entities?.slice(0, MAX_SUGGESTED).map((info) => (
            <option key={info.entity} value={info.entity} />
          ))}
        </datalist>
        <MomentInput label="From" value={from} onChange={setFrom} />
        <MomentInput label="To" value={to} onChange={setTo} />
        <Select label="Kind" value={kind} onChange={(value) => setKind(value as ExclusionKind)} options={KINDS} />
        <TextInput label="Reason" value={reason} onChange={setReason} placeholder="Optional" maxLength={MAX_REASON} />
        <Button type="submit" disabled={!isSpan || add.isPending}>
          {add.isPending ? "Leaving out…" : "Leave out"}
        </Button>
        <span role="status" className="text-ink-soft text-xs">
          {add.isSuccess && "Left out of every training from now on."}
        </span>
        {add.error && (
          <span role="alert" className="text-alarm text-xs">
            {add.error.message}
          </span>
        )}
      </form>
    </details>
  );
}
