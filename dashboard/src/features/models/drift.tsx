import { useQuery } from "@tanstack/react-query";
import { driftQuery } from "@/shared/api/queries";
import type { ModelDrift } from "@/shared/api/types";
import { integer } from "@/shared/lib/format";
import { Badge } from "@/shared/ui/badge";
import { Watch } from "./watch";

/** More than these is for whoever asks. */
const SHOWN = 5;

/** How far measurements have moved from what the champion learned, and how it does since its promotion. */
export function Drift({ version, now }: { version: string; now: number }) {
  const { data, error } = useQuery(driftQuery);
  if (!data && !error) return null;
  // Of a champion before: the next look tells of this one.
  if (data && data.model !== version) return null;
  return (
    <>
      {data?.watch && <Watch watch={data.watch} now={now} />}
      <section className="mt-4 border-line border-t pt-3" aria-label="Drift">
        <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
          <h3 className="text-ink-soft text-xs">Drift: what is measured against what it learned</h3>
          {data && <Verdict drift={data} />}
        </div>
        {data ? (
          <Measured drift={data} />
        ) : (
          <p role="alert" className="mt-1.5 text-alarm">
            {error?.message}
          </p>
        )}
      </section>
    </>
  );
}

const isEnough = (drift: ModelDrift): boolean => drift.ticks >= drift.ticksNeeded && drift.hours >= drift.hoursNeeded;

function Verdict({ drift }: { drift: ModelDrift }) {
  if (!isEnough(drift)) return <Badge icon="clock">Too early to judge</Badge>;
  return drift.moved ? (
    <Badge tone="warn" icon="alert">
      Moved
    </Badge>
  ) : (
    <Badge tone="good" icon="check">
      As it learned
    </Badge>
  );
}

function Measured({ drift }: { drift: ModelDrift }) {
  const scores = drift.score == null ? [] : [{ name: "scores", psi: drift.score }];
  const [first, rest] = [drift.features.slice(0, SHOWN), drift.features.slice(SHOWN)];
  if (scores.length + first.length === 0 || !isEnough(drift))
    return (
      <p className="mt-1.5 text-ink-soft">
        {integer(drift.ticks)} of {integer(drift.ticksNeeded)} ticks and {drift.hours} of {drift.hoursNeeded} hours have
        been counted; with fewer, chance looks like change.
      </p>
    );
  return (
    <>
      <p className="mt-1.5 max-w-3xl text-ink-soft">{inWords(drift.summary)}</p>
      <Bars entries={[...scores, ...first]} bound={drift.bound} />
      {rest.length > 0 && (
        <details className="mt-2">
          <summary className="cursor-pointer text-ink-soft text-xs">{rest.length} that moved less</summary>
          <Bars entries={rest} bound={drift.bound} />
        </details>
      )}
    </>
  );
}

/** Entries of the rows that models learn, for people. */
const TITLES: Record<string, string> = {
  scores: "Scores",
  level_max: "Farthest series",
  level_2nd: "2nd farthest",
  level_3rd: "3rd farthest",
  level_top5: "Five farthest",
  level_share: "Series away",
  level_far_share: "Series far away",
  level_rms: "Levels, overall",
  level_mean: "Levels, mean",
  z_rms: "Spikes",
  step_rms: "Steps",
  spread_mean: "Unrest",
};
const titleOf = (name: string): string => TITLES[name] ?? name.replaceAll("_", " ");

/** The trainer's sentence, with the names that stand at the bars. */
export const inWords = (summary: string): string => summary.replace(/'(\w+)'/g, (_, name) => `“${titleOf(name)}”`);

/** Twice the bound fills a bar, so that the bound is its middle. */
export const share = (psi: number, bound: number): number => Math.min(100, (psi / (2 * bound)) * 100);

function Bars({ entries, bound }: { entries: ModelDrift["features"]; bound: number }) {
  return (
    <ul className="mt-2 grid max-w-3xl gap-x-8 gap-y-1.5 lg:grid-cols-2">
      {entries.map(({ name, psi }) => (
        <li key={name} className="grid grid-cols-[7.5rem_minmax(0,1fr)_3rem] items-center gap-3 text-xs">
          <span className="truncate" title={name}>
            {titleOf(name)}
          </span>
          <span className="relative h-2 rounded-full bg-sunken" title={`${psi.toFixed(3)}; ${bound} counts as moved`}>
            <span
              className={`absolute inset-y-0 left-0 rounded-full ${psi > bound ? "bg-warn" : "bg-accent"}`}
              style={{ width: `${share(psi, bound)}%` }}
            />
            <span className="absolute -inset-y-0.5 left-1/2 w-px bg-ink-faint" />
          </span>
          <span className={`text-right ${psi > bound ? "font-semibold text-warn" : "text-ink-soft"}`}>
            {psi.toFixed(2)}
            <span className="sr-only">
              {" "}
              of {bound}
              {psi > bound ? ", moved" : ""}
            </span>
          </span>
        </li>
      ))}
    </ul>
  );
}
