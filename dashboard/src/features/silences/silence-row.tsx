import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { silencesQuery } from "@/shared/api/alert-queries";
import type { Silence } from "@/shared/api/alert-types";
import { remove } from "@/shared/api/client";
import { incidentsQuery } from "@/shared/api/queries";
import { duration } from "@/shared/lib/format";
import { matchText } from "@/shared/lib/match-text";
import { moment } from "@/shared/lib/time";
import { Badge } from "@/shared/ui/badge";
import { Button } from "@/shared/ui/button";

/** What is muted, how long still, why and by whom; and its end. */
export function SilenceRow({ silence, now }: { silence: Silence; now: number }) {
  const over = silence.to <= now || silence.to <= silence.from;
  return (
    <li className={`flex flex-wrap items-center gap-x-4 gap-y-2 px-4 py-3 ${over ? "opacity-75" : ""}`}>
      <div className="min-w-0 grow basis-64">
        <p className="flex flex-wrap items-center gap-x-2.5 gap-y-1">
          <Badge
            tone={silence.kind === "maintenance" ? "info" : "neutral"}
            icon={silence.kind === "maintenance" ? "flow" : "muted"}
          >
            {silence.kind === "maintenance" ? "Maintenance" : "Silence"}
          </Badge>
          <span className="wrap-anywhere font-medium">{matchText(silence.match)}</span>
        </p>
        <p className="wrap-anywhere mt-1 text-ink-soft text-sm">
          {silence.reason} <span className="text-ink-faint">· {silence.who}</span>
        </p>
        <p className="mt-0.5 text-ink-faint text-xs">
          {moment(silence.from, now)} to {moment(silence.to, now)}
          {left(silence, now)}
        </p>
      </div>
      {!over && <EndButton silence={silence} coming={silence.from > now} />}
    </li>
  );
}

function left({ from, to }: Silence, now: number): string {
  if (to <= now) return "";
  return from > now ? `, begins in ${duration(from - now)}` : `, ${duration(to - now)} left`;
}

/** Ends what keeps people from being told, so it takes a second touch. */
function EndButton({ silence, coming }: { silence: Silence; coming: boolean }) {
  const client = useQueryClient();
  const [asking, setAsking] = useState(false);
  const end = useMutation({
    mutationFn: () => remove<unknown>(`/api/silences/${encodeURIComponent(silence.id)}`),
    onSettled: () => {
      setAsking(false);
      return Promise.all([
        client.invalidateQueries({ queryKey: silencesQuery.queryKey }),
        client.invalidateQueries({ queryKey: incidentsQuery.queryKey }),
      ]);
    },
  });
  const word = coming ? "Call off" : "End now";
  return (
    <span className="inline-flex flex-wrap items-center gap-2">
      {end.error && (
        <span role="alert" className="text-alarm text-xs">
          {end.error.message}
        </span>
      )}
      {asking ? (
        <>
          <span className="text-ink-soft text-sm">{coming ? "Call it off?" : "Tell people again?"}</span>
          <Button look="primary" className="max-sm:h-11" onClick={() => end.mutate()} disabled={end.isPending}>
            {end.isPending ? "Ending…" : "Yes"}
          </Button>
          <Button className="max-sm:h-11" onClick={() => setAsking(false)} disabled={end.isPending}>
            No
          </Button>
        </>
      ) : (
        <Button
          className="max-sm:h-11"
          onClick={() => setAsking(true)}
          aria-label={`${word}: ${matchText(silence.match)}`}
        >
          {word}
        </Button>
      )}
    </span>
  );
}
