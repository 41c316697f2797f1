import { useCallback, useEffect, useMemo, useRef } from "react";
import { type Painter, paintLoop } from "@/shared/chart/paint-loop";
import { scoreOptions } from "@/shared/chart/score-options";
import { TimeChart } from "@/shared/chart/time-chart";
import { rarity } from "@/shared/lib/format";
import { clock } from "@/shared/lib/time";
import { ANOMALOUS, type EntityStore, RARITY, SCORE, type Structure } from "@/shared/stream/entity-store";
import type { Frame } from "@/shared/stream/read";
import { Icon } from "@/shared/ui/icon";
import { MaturityBadge } from "@/shared/ui/state-badges";
import { useNow } from "@/shared/ui/use-now";
import { chartSource } from "./chart-source";
import { learningText, verdictText } from "./verdict";

interface Props {
  store: EntityStore;
  structure: Structure;
  at: number | null;
  firstSeen: number | undefined;
}

const NOTHING_HIDDEN: ReadonlySet<string> = new Set();
const COLUMNS = [SCORE, RARITY, ANOMALOUS];

/** The answer to "is it all right?" in words, and the score over time with its ribbon of rarity. */
export function VerdictCard({ store, structure, at, firstSeen }: Props) {
  const build = useMemo(() => {
    const options = scoreOptions(store, at);
    return (tokens: Parameters<typeof options>[0]) => options(tokens);
  }, [store, at]);
  // The chart draws the score only; the ribbon's columns come along for the numbers under the cursor.
  const source = useMemo(() => {
    const all = chartSource(store, COLUMNS, NOTHING_HIDDEN);
    return { ...all, read: () => all.read().slice(0, 2) as Frame };
  }, [store]);
  const hover = useRef<HTMLSpanElement>(null);
  const show = useCallback(
    (frame: Frame, index: number | null) => {
      if (!hover.current) return;
      const time = index === null ? undefined : frame[0][index];
      let text = "";
      if (time !== undefined) {
        const slot = store.ring.firstAt(time * 1000);
        const value = store.ring.valueAt(SCORE, slot);
        const p = store.ring.valueAt(RARITY, slot);
        if (!Number.isNaN(value)) text = `${clock(time * 1000)}   score ${value.toFixed(2)}   ${rarity(p)}`;
      }
      if (hover.current.textContent !== text) hover.current.textContent = text;
    },
    [store],
  );

  return (
    <section
      aria-label="Verdict"
      className={`card overflow-hidden lg:grid lg:grid-cols-[17.5rem_1fr] ${structure.anomalous ? "border-alarm/60" : ""}`}
    >
      <VerdictWords store={store} structure={structure} at={at} firstSeen={firstSeen} />
      <div className="min-w-0 px-4 pt-3.5 pb-2 lg:border-line lg:border-l">
        <div className="mb-1 flex min-h-5 flex-wrap items-baseline gap-x-3 gap-y-1">
          <h2 className="font-medium text-ink-soft">Anomaly score</h2>
          <span ref={hover} className="whitespace-pre text-ink text-xs" />
          <RibbonLegend />
        </div>
        <TimeChart
          source={source}
          build={build}
          height={176}
          label="Anomaly score and rarity over time"
          onShow={show}
        />
      </div>
    </section>
  );
}

function RibbonLegend() {
  return (
    <span className="ml-auto hidden items-center gap-1.5 text-[11px] text-ink-faint sm:flex">
      usual
      <span
        className="h-2 w-24 rounded-sm"
        style={{
          background:
            "linear-gradient(90deg, color-mix(in srgb, var(--c-accent) 20%, transparent) 0 20%, color-mix(in srgb, var(--c-alarm) 22%, transparent) 20%, var(--c-alarm))",
        }}
      />
      1 in 100,000
    </span>
  );
}

function VerdictWords({ store, structure, at, firstSeen }: Props) {
  const score = useRef<HTMLSpanElement>(null);
  const odds = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    const painter: Painter = {
      visible: true,
      paint() {
        const verdict = store.verdict;
        if (score.current) score.current.textContent = verdict ? verdict.score.toFixed(2) : "–";
        if (odds.current)
          odds.current.textContent = verdict ? `${rarity(verdict.p)}${verdict.extrapolated ? " *" : ""}` : "–";
      },
    };
    const forget = paintLoop.add(painter);
    const stop = store.onData(() => paintLoop.invalidate(painter));
    return () => {
      stop();
      forget();
    };
  }, [store]);

  const now = useNow(1000);
  const words = verdictText(structure, at, store.verdict ? now - store.verdict.t : 0);
  const learning = learningText(structure.maturity, firstSeen, now);
  return (
    <div className="flex flex-col p-4 lg:p-5">
      <p className={`flex items-center gap-2.5 font-semibold text-2xl tracking-tight ${words.tone}`} role="status">
        <Icon name={words.icon} size={24} />
        {words.title}
      </p>
      <p className="mt-1.5 text-ink-soft leading-snug">{words.sentence}</p>
      {at === null && (
        <dl className="mt-4 grid grid-cols-[auto_1fr] gap-x-4 gap-y-1.5">
          <dt className="text-ink-faint">Score now</dt>
          <dd className="font-medium">
            <span ref={score} />
          </dd>
          <dt className="text-ink-faint">Rarity</dt>
          <dd
            className="font-medium"
            title="How often normal behaviour is at least this strange. * = beyond what was observed, from a fitted tail."
          >
            <span ref={odds} />
          </dd>
          {structure.maturity && (
            <>
              <dt className="text-ink-faint">Model</dt>
              <dd className="flex flex-wrap items-center gap-2">
                <MaturityBadge maturity={structure.maturity} />
                {learning && <span className="text-ink-soft text-xs">{learning}</span>}
              </dd>
            </>
          )}
        </dl>
      )}
    </div>
  );
}
