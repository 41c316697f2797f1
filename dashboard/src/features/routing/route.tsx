import { useMutation } from "@tanstack/react-query";
import type { AlertRoute, AlertTest } from "@/shared/api/alert-types";
import { apiPath, post } from "@/shared/api/client";
import { channelText } from "@/shared/lib/channels";
import { duration } from "@/shared/lib/format";
import { matchText } from "@/shared/lib/match-text";
import { Button } from "@/shared/ui/button";
import { CopyText } from "@/shared/ui/copy-text";

/** What it matches, who hears of it and when more do; and a test that really sends. */
export function Route({ route, place }: { route: AlertRoute; place: number }) {
  const facts: [string, string][] = [
    ["Matches", matchText(route.match)],
    ["Tells at once", route.receivers.join(", ") || "nobody"],
  ];
  for (const { afterSeconds, receivers } of route.escalation)
    facts.push([`Not acknowledged after ${duration(afterSeconds * 1000)}`, receivers.join(", ")]);
  if (route.hours) facts.push(["Holds", route.hours]);
  if (route.limit) facts.push(["At most", route.limit]);
  if (route.continue) facts.push(["Then", "the routes after it are looked at, too"]);
  return (
    <li className="card p-4 md:p-5">
      <div className="flex flex-wrap items-start gap-x-4 gap-y-3">
        <div className="min-w-0 grow basis-64">
          <h2 className="wrap-anywhere font-semibold">
            <span className="mr-2 font-normal text-ink-faint">{place}</span>
            {route.name}
          </h2>
          <dl className="mt-2 grid gap-x-5 gap-y-1 sm:grid-cols-[auto_minmax(0,1fr)]">
            {facts.map(([name, value]) => (
              <div key={name} className="sm:contents">
                <dt className="text-ink-faint max-sm:text-xs">{name}</dt>
                <dd className="wrap-anywhere">{value}</dd>
              </div>
            ))}
          </dl>
        </div>
        <TestButton route={route.name} />
      </div>
    </li>
  );
}

/** Whether it arrives is seen where it should arrive: the id stands in every message. */
function TestButton({ route }: { route: string }) {
  const test = useMutation({ mutationFn: () => post<AlertTest>(apiPath("/api/alerts/test", { route })) });
  return (
    <div className="grid min-w-0 justify-items-start gap-2 sm:justify-items-end">
      <Button
        className="max-sm:h-11"
        onClick={() => test.mutate()}
        disabled={test.isPending}
        aria-label={`Send a test through ${route}`}
      >
        {test.isPending ? "Sending…" : "Send a test"}
      </Button>
      {test.error && (
        <p role="alert" className="text-alarm text-xs">
          {test.error.message}
        </p>
      )}
      <div role="status" className="grid min-w-0 gap-1">
        {test.data?.notifications.map(({ receiver, notification, channels }) => (
          <p key={notification} className="min-w-0 text-ink-soft text-xs sm:text-right">
            On its way to {receiver} by {channels.map(channelText).join(", ")}
            <span className="block">
              <CopyText text={notification} label={`notification id for ${receiver}`} />
            </span>
          </p>
        ))}
        {test.data?.notifications.length === 0 && <p className="text-ink-soft text-xs">It tells nobody.</p>}
      </div>
    </div>
  );
}
