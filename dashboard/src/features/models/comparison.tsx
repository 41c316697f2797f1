import type { ModelComparison } from "@/shared/api/types";
import { ago, duration, integer } from "@/shared/lib/format";
import { Facts } from "@/shared/ui/facts";
import { Replay } from "./replay";

const HOUR_TICKS = 3600;
const CHALLENGER = { who: "the challenger", title: "Challenger" };
const VERSION = { who: "this version", title: "This version" };
const WEEK_TICKS = 7 * 24 * HOUR_TICKS;

/** Decisions that the false-alarm budget allows on these ticks; null without a budget. */
export const allowedOpenings = (comparison: ModelComparison): number | null =>
  comparison.falseAlarmsPerWeek == null ? null : (comparison.falseAlarmsPerWeek * comparison.ticks) / WEEK_TICKS;

/** What a challenger would have done beside what the champion did, on the same ticks. */
export function Comparison({
  comparison,
  running,
  now,
}: {
  comparison: ModelComparison;
  running: boolean;
  now: number;
}) {
  const allowed = allowedOpenings(comparison);
  const facts: [string, string][] = [
    ["Would have opened", `${integer(comparison.challengerOpenings)} decisions`],
    ["The champion opened", `${integer(comparison.championOpenings)} decisions`],
    ["The budget allows", allowed === null ? "–" : allowed < 10 ? allowed.toFixed(1) : integer(allowed)],
    ["Compared on", `${integer(comparison.ticks / HOUR_TICKS)} entity-hours`],
    ["Scores agree", comparison.agreement == null ? "–" : `${Math.round(comparison.agreement * 100)} %`],
    [running ? "On trial for" : "Last report", running ? duration(now - comparison.since) : reported(comparison, now)],
  ];
  return (
    <section className="mt-4 border-line border-t pt-3" aria-label={`Compared with ${comparison.against}`}>
      <h3 className="text-ink-soft text-xs">Beside {comparison.against}, on the same ticks</h3>
      <div className="mt-2">
        <Facts facts={facts} />
      </div>
      <Replay
        replay={comparison.replay}
        tried={running ? CHALLENGER : VERSION}
        now={now}
        pending={running ? "It is replayed on them before it can be promoted." : undefined}
      />
    </section>
  );
}

const reported = (comparison: ModelComparison, now: number): string =>
  comparison.at == null ? "never" : ago(now - comparison.at);
