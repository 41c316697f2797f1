import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { silencesQuery } from "@/shared/api/alert-queries";
import type { AlertMatch, Silence, SilenceRequest } from "@/shared/api/alert-types";
import { post } from "@/shared/api/client";
import { entitiesQuery, incidentsQuery } from "@/shared/api/queries";
import { toLocalInput } from "@/shared/lib/local-input";
import { serverClock } from "@/shared/lib/time";
import { useWho } from "@/shared/lib/who";
import { Button } from "@/shared/ui/button";
import { MomentInput, Select, TextInput } from "@/shared/ui/field";
import { WhoField } from "@/shared/ui/who-field";
import { LENGTHS, matchOf, requestOf, type SilenceDraft, UNTIL, whyNot } from "./draft";
import { KINDS, MatchFields } from "./match-fields";
import { SilencePreview } from "./silence-preview";

const HOUR_MS = 3_600_000;
// As IncidentRules of the contracts.
const MAX_REASON = 500;
/** More names than these no list can be read. */
const MAX_SUGGESTED = 200;

function firstDraft({ match, reason }: { match: AlertMatch; reason: string }): SilenceDraft {
  const now = serverClock.now();
  return {
    kind: "silence",
    entity: match.entity ?? "",
    labels: Object.entries(match.labels ?? {})
      .map(([name, value]) => `${name}=${value}`)
      .join(", "),
    severity: match.severity ?? [],
    detection: match.kind?.[0] ?? "",
    length: "60",
    from: toLocalInput(now),
    to: toLocalInput(now + HOUR_MS),
    reason,
  };
}

/** What is muted, for how long and why, with what it would have muted before anybody says yes. */
export function SilenceForm({ link, onClose }: { link: { match: AlertMatch; reason: string }; onClose: () => void }) {
  const client = useQueryClient();
  const { data: entities } = useQuery(entitiesQuery);
  const me = useWho();
  const [draft, setDraft] = useState(() => firstDraft(link));
  const [refusal, setRefusal] = useState("");
  const add = useMutation({
    mutationFn: (request: SilenceRequest) => post<Silence>("/api/silences", request),
    onSuccess: onClose,
    onSettled: () =>
      Promise.all([
        client.invalidateQueries({ queryKey: silencesQuery.queryKey }),
        client.invalidateQueries({ queryKey: incidentsQuery.queryKey }),
      ]),
  });
  const change = (part: Partial<SilenceDraft>): void => {
    setRefusal("");
    setDraft((before) => ({ ...before, ...part }));
  };
  const send = (event: FormEvent): void => {
    event.preventDefault();
    const now = serverClock.now();
    const wrong = whyNot(draft, me, now);
    setRefusal(wrong);
    if (wrong === "") add.mutate(requestOf(draft, me, now));
  };
  const complaint = refusal || add.error?.message;
  return (
    <form
      className="card mb-6 grid gap-5 p-5 md:p-6 lg:grid-cols-[minmax(0,1fr)_22rem]"
      aria-labelledby="new-silence"
      onSubmit={send}
      noValidate
    >
      <div className="grid content-start gap-3.5">
        <h2 id="new-silence" className="font-semibold text-base">
          New silence
        </h2>
        <MatchFields draft={draft} onChange={change} entities={(entities ?? []).slice(0, MAX_SUGGESTED)} />
        <div className="grid gap-3.5 sm:grid-cols-2">
          <Select label="For" value={draft.length} onChange={(length) => change({ length })} options={LENGTHS} />
          <Select
            label="As"
            value={draft.kind}
            onChange={(kind) => change({ kind: kind as SilenceDraft["kind"] })}
            options={KINDS}
          />
          {draft.length === UNTIL && (
            <>
              <MomentInput label="From" value={draft.from} onChange={(from) => change({ from })} />
              <MomentInput label="To" value={draft.to} onChange={(to) => change({ to })} />
            </>
          )}
          <TextInput
            label="Reason"
            value={draft.reason}
            onChange={(reason) => change({ reason })}
            maxLength={MAX_REASON}
            placeholder="Needed"
            required
          />
          <WhoField needed />
        </div>
      </div>
      <div className="lg:col-start-2 lg:row-span-2 lg:row-start-1">
        <SilencePreview match={matchOf(draft)} />
      </div>
      <div className="grid gap-3.5">
        {complaint && (
          <p role="alert" className="text-alarm text-sm">
            {complaint}
          </p>
        )}
        <div className="flex flex-wrap gap-2">
          <Button type="submit" look="primary" className="max-sm:h-11 max-sm:grow" disabled={add.isPending}>
            {add.isPending ? "Silencing…" : draft.kind === "maintenance" ? "Begin maintenance" : "Silence"}
          </Button>
          <Button className="max-sm:h-11" onClick={onClose} disabled={add.isPending}>
            Cancel
          </Button>
        </div>
      </div>
    </form>
  );
}
