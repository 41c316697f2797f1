import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { remove } from "@/shared/api/client";
import { exclusionsQuery } from "@/shared/api/queries";
import type { Exclusion, ExclusionKind } from "@/shared/api/types";
import { moment } from "@/shared/lib/time";
import { Badge, type Tone } from "@/shared/ui/badge";
import { Button } from "@/shared/ui/button";
import { ExclusionForm } from "./exclusion-form";

const KINDS: Record<ExclusionKind, { tone: Tone; word: string }> = {
  maintenance: { tone: "info", word: "Maintenance" },
  flagged: { tone: "warn", word: "Not normal" },
};

/** Times that no training learns from. */
export function Exclusions({ now }: { now: number }) {
  const { data, error } = useQuery(exclusionsQuery);
  return (
    <section className="mt-6" aria-labelledby="exclusions">
      <h2 id="exclusions" className="font-semibold text-base tracking-tight">
        Left out of trainings
      </h2>
      <p className="mt-1 max-w-2xl text-ink-soft">
        Incidents are left out by themselves. Here stand maintenance and other times that are not how things should be.
      </p>
      {error && (
        <p role="alert" className="mt-2 text-alarm text-xs">
          {error.message}
        </p>
      )}
      <div className="card mt-3">
        {data?.length === 0 && <p className="px-4 py-3 text-ink-soft">Nothing has been left out by hand.</p>}
        <ul className="divide-y divide-line">
          {data?.map((exclusion) => (
            <Item key={exclusion.id} exclusion={exclusion} now={now} />
          ))}
        </ul>
        <ExclusionForm />
      </div>
    </section>
  );
}

function Item({ exclusion, now }: { exclusion: Exclusion; now: number }) {
  const client = useQueryClient();
  const removal = useMutation({
    mutationFn: () => remove<Exclusion>(`/api/training/exclusions/${encodeURIComponent(exclusion.id)}`),
    onSettled: () => client.invalidateQueries({ queryKey: exclusionsQuery.queryKey }),
  });
  const { tone, word } = KINDS[exclusion.kind];
  const entity = exclusion.entity ?? "Every entity";
  const span = `${moment(exclusion.from, now)} to ${moment(exclusion.to, now)}`;
  return (
    <li className="flex items-center gap-3 px-4 py-3">
      <div className="min-w-0 grow">
        <p className="flex flex-wrap items-center gap-x-3 gap-y-1">
          <Badge tone={tone}>{word}</Badge>
          <span className="break-all font-medium">{entity}</span>
          <span className="text-ink-soft">{span}</span>
        </p>
        {(exclusion.reason || exclusion.who) && (
          <p className="mt-1 break-words text-ink-soft text-xs">
            {[exclusion.reason, exclusion.who].filter(Boolean).join(" · ")}
          </p>
        )}
        {removal.error && (
          <p role="alert" className="mt-1 text-alarm text-xs">
            {removal.error.message}
          </p>
        )}
      </div>
      <Button onClick={() => removal.mutate()} disabled={removal.isPending} aria-label={`Remove ${entity}, ${span}`}>
        Remove
      </Button>
    </li>
  );
}
