import type { ReactNode } from "react";
import type { LeadTimeSummary } from "@/shared/api/alert-types";
import { duration, integer } from "@/shared/lib/format";
import { plural } from "@/shared/lib/incidents";
import { OUTCOMES } from "@/shared/ui/incident-badges";

/** What an 80 % interval should hold. */
const PROMISED = 0.8;

const percent = (share: number | null | undefined): string => (share == null ? "–" : `${Math.round(share * 100)} %`);

/** The four numbers, and what became of every prediction. */
export function Scores({ summary }: { summary: LeadTimeSummary }) {
  const { confirmed, averted, expired, precision, secondsEarned, medianLeadSeconds, withinInterval } = summary;
  const settled = confirmed + averted + expired;
  return (
    <>
      <div className="grid grid-cols-2 gap-3 xl:grid-cols-4">
        <Figure title="Earned" value={confirmed > 0 ? duration(secondsEarned * 1000) : "–"}>
          {confirmed > 0
            ? `${integer(secondsEarned)} seconds between warning and limit`
            : "time between warning and limit"}
        </Figure>
        <Figure title="Precision" value={percent(precision)}>
          {settled > 0
            ? `${integer(confirmed + averted)} of ${plural(settled, "settled one")} hit or averted`
            : "nothing is settled yet"}
        </Figure>
        <Figure title="Median lead" value={medianLeadSeconds == null ? "–" : duration(medianLeadSeconds * 1000)}>
          from the warning to the limit
        </Figure>
        <Figure title="Within the interval" value={percent(withinInterval)}>
          of confirmed ones; {percent(PROMISED)} is what is promised
        </Figure>
      </div>
      <Outcomes summary={summary} />
    </>
  );
}

function Figure({ title, value, children }: { title: string; value: string; children: ReactNode }) {
  return (
    <div className="card px-4 py-3.5">
      <p className="text-ink-soft">{title}</p>
      <p className="mt-1 font-semibold text-2xl tracking-tight">{value}</p>
      <p className="mt-0.5 text-ink-faint text-xs">{children}</p>
    </div>
  );
}

const FILLS = { confirmed: "bg-alarm", averted: "bg-good", expired: "bg-warn", pending: "bg-accent" } as const;

/** One bar of all that was said, by what became of it; the words below carry the numbers. */
function Outcomes({ summary }: { summary: LeadTimeSummary }) {
  const parts = (["confirmed", "averted", "expired", "pending"] as const).map((outcome) => ({
    outcome,
    count: summary[outcome],
    ...OUTCOMES[outcome],
  }));
  return (
    <div className="card px-4 py-3.5">
      <div className="flex h-2.5 gap-0.5 overflow-hidden rounded-full bg-sunken" aria-hidden="true">
        {parts.map(
          ({ outcome, count }) =>
            count > 0 && <span key={outcome} className={FILLS[outcome]} style={{ flexGrow: count, flexBasis: 0 }} />,
        )}
      </div>
      <ul className="mt-3 grid grid-cols-2 gap-x-6 gap-y-2 lg:grid-cols-4">
        {parts.map(({ outcome, count, word, meaning }) => (
          <li key={outcome} className="flex gap-2">
            <span className={`mt-1 size-2.5 shrink-0 rounded-sm ${FILLS[outcome]}`} aria-hidden="true" />
            <span>
              <span className="font-medium">
                {integer(count)} {word.toLowerCase()}
              </span>
              <span className="block text-ink-faint text-xs max-sm:hidden">{meaning}</span>
            </span>
          </li>
        ))}
      </ul>
    </div>
  );
}
