import { memo, useCallback, useMemo, useRef, useState } from "react";
import type { Forecast } from "@/shared/api/types";
import { metricOptions } from "@/shared/chart/metric-options";
import { TimeChart } from "@/shared/chart/time-chart";
import { SERIES_COLORS } from "@/shared/chart/tokens";
import { about, quantity, quantityText } from "@/shared/lib/format";
import { clock } from "@/shared/lib/time";
import type { EntityStore } from "@/shared/stream/entity-store";
import type { Frame } from "@/shared/stream/read";
import { Badge } from "@/shared/ui/badge";
import { chartSource } from "./chart-source";
import type { GroupedChart } from "./grouping";

interface Props {
  chart: GroupedChart;
  store: EntityStore;
  at: number | null;
  /** Ids of this chart's lines that are strange now, joined; a string so that memo can compare it. */
  strange: string;
  forecast: Forecast | undefined;
}

const HEIGHT = 148;

export const chartAnchor = (key: string): string => `chart-${key.replace(/[^\w-]+/g, "-")}`;

function forecastText(chart: GroupedChart, forecast: Forecast): string | null {
  if (forecast.medianSeconds === null || !Number.isFinite(forecast.medianSeconds)) return null;
  const verb = /filesystem|disk|memory|swap|paging/.test(chart.name) ? "full" : "at its limit";
  return `${verb} in ${about(forecast.medianSeconds)}`;
}

/** The last number of a line that is not a gap, for "now". */
function lastOf(frame: Frame, column: number): number | null {
  const points = frame[column];
  for (let index = (points?.length ?? 0) - 1; index >= 0; index--) {
    const point = points?.[index];
    if (point !== null && point !== undefined) return point;
  }
  return null;
}

/** One chart with its numbers. The numbers follow stream and cursor by writing text, not by rendering. */
export const ChartCard = memo(function ChartCard({ chart, store, at, strange, forecast }: Props) {
  const [hidden, setHidden] = useState<ReadonlySet<string>>(() => new Set(chart.quiet));
  const values = useRef<(HTMLSpanElement | null)[]>([]);
  const when = useRef<HTMLSpanElement>(null);
  const single = chart.lines.length === 1;
  const lineKey = chart.lines.map((line) => line.id).join(",");

  // biome-ignore lint/correctness/useExhaustiveDependencies: a chart with the same lines is the same chart
  const build = useMemo(() => metricOptions(chart, store, at), [lineKey, chart.limit, store, at]);
  const source = useMemo(() => chartSource(store, lineKey.split(","), hidden), [store, lineKey, hidden]);

  const { unit } = chart;
  const show = useCallback(
    (frame: Frame, index: number | null) => {
      values.current.forEach((element, line) => {
        if (!element) return;
        const point = index === null ? lastOf(frame, line + 1) : (frame[line + 1]?.[index] ?? null);
        const text = quantityText(point, unit);
        if (element.textContent !== text) element.textContent = text;
      });
      const time = index === null ? "" : clock((frame[0][index] ?? 0) * 1000);
      if (when.current && when.current.textContent !== time) when.current.textContent = time;
    },
    [unit],
  );

  const toggle = (id: string): void => {
    const next = new Set(hidden);
    if (!next.delete(id)) next.add(id);
    setHidden(next);
  };
  const note = forecast && forecastText(chart, forecast);
  const strangeIds = strange.split(",");

  return (
    <section
      id={chartAnchor(chart.key)}
      aria-label={chart.title}
      className={`card scroll-mt-20 px-4 pt-3 pb-2.5 ${strange ? "border-alarm/50" : ""}`}
    >
      <div className="mb-0.5 flex h-8 items-center gap-2">
        <h3 className="truncate font-medium text-ink-soft" title={chart.name}>
          {chart.title}
        </h3>
        <span ref={when} className="text-ink-faint text-xs" />
        <span className="ml-auto flex items-center gap-2">
          {note && (
            <Badge tone="warn" icon="clock">
              {note}
            </Badge>
          )}
          {strange && (
            <Badge tone="alarm" icon="alert">
              unusual
            </Badge>
          )}
          {single && (
            <span
              ref={(element) => {
                values.current[0] = element;
              }}
              className="whitespace-nowrap font-semibold text-lg tracking-tight"
            >
              {quantity(null, unit).text}
            </span>
          )}
        </span>
      </div>
      <TimeChart source={source} build={build} height={HEIGHT} label={chart.title} onShow={show} />
      {!single && (
        <ul className="mt-1.5 flex flex-wrap gap-x-1 gap-y-0.5" aria-label="Lines">
          {chart.lines.map((line, index) => (
            <li key={line.id}>
              <button
                type="button"
                aria-pressed={!hidden.has(line.id)}
                title={hidden.has(line.id) ? `Show ${line.label}` : `Hide ${line.label}`}
                onClick={() => toggle(line.id)}
                className={`flex items-center gap-1.5 rounded-md px-1.5 py-0.5 text-xs hover:bg-sunken ${hidden.has(line.id) ? "opacity-45" : ""}`}
              >
                <span
                  className="h-[3px] w-3 rounded-full"
                  style={{ background: `var(--s-${(index % SERIES_COLORS) + 1})` }}
                />
                <span className={strangeIds.includes(line.id) ? "font-semibold text-alarm" : "text-ink-soft"}>
                  {line.label}
                </span>
                <span
                  ref={(element) => {
                    values.current[index] = element;
                  }}
                  className="font-medium"
                />
              </button>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
});
