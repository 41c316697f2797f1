import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { silencePreviewQuery } from "@/shared/api/alert-queries";
import type { AlertMatch, SilencePreview as Preview } from "@/shared/api/alert-types";
import { duration } from "@/shared/lib/format";
import { incidentHref, plural } from "@/shared/lib/incidents";
import { moment } from "@/shared/lib/time";
import { Link } from "@/shared/ui/link";
import { SeverityBadge } from "@/shared/ui/state-badges";
import { useNow } from "@/shared/ui/use-now";

/** Typing pauses this long before the platform is asked. */
const PAUSE_MS = 350;

/** What the silence would have kept quiet in the past: the best guess at what it will. */
export function SilencePreview({ match }: { match: AlertMatch }) {
  const settled = useSettled(match);
  const { data, error, isFetching } = useQuery(silencePreviewQuery(settled));
  const now = useNow(10_000);
  return (
    <section aria-label="Preview" aria-busy={isFetching} className="rounded-xl bg-sunken p-4">
      <h3 className="font-medium text-ink-soft text-xs">What it would have muted</h3>
      {error && (
        <p role="alert" className="mt-1.5 text-warn text-sm">
          There is no preview: {error.message}
        </p>
      )}
      {!error && !data && <div className="skeleton mt-2 h-5 w-40" />}
      {!error && data && (
        <>
          <p role="status" className="mt-1.5 font-medium">
            {sentence(data, now)}
          </p>
          <ul className="mt-3 grid gap-2.5">
            {data.examples.map((example) => (
              <li key={example.id} className="min-w-0">
                <p className="flex flex-wrap items-center gap-x-2 gap-y-0.5 text-xs">
                  <SeverityBadge severity={example.severity} />
                  <span className="wrap-anywhere font-medium">{example.entity}</span>
                  <span className="text-ink-faint">{moment(example.openedAt, now)}</span>
                </p>
                <Link
                  href={incidentHref(example.id)}
                  className="wrap-anywhere text-ink-soft text-xs hover:text-ink hover:underline"
                >
                  {example.summary}
                </Link>
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}

/** "3 of 12 incidents that were told in the last week" */
export function sentence({ from, incidents, muted }: Preview, now: number): string {
  const hours = Math.round((now - from) / 3_600_000);
  const span = hours === 168 ? "in the last week" : `in the last ${duration(hours * 3_600_000)}`;
  if (incidents === 0) return `Nobody was told of anything ${span}.`;
  const told = `${plural(incidents, "incident")} told ${span}`;
  if (muted === 0) return `None of ${told}.`;
  return muted === incidents ? `All ${told}.` : `${muted.toLocaleString("en-US")} of ${told}.`;
}

/** The match once it has been the same for a moment. */
function useSettled(match: AlertMatch): AlertMatch {
  const key = JSON.stringify(match);
  const [settled, setSettled] = useState(key);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(key), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [key]);
  return JSON.parse(settled) as AlertMatch;
}
