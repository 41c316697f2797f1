import type uPlot from "uplot";
import { axisText, isBytes, quantityText, SHARE } from "@/shared/lib/format";
import { ANOMALOUS, type EntityStore } from "@/shared/stream/entity-store";
import { readFrame } from "@/shared/stream/read";
import { sharedCursor, timeAxis, valueAxis } from "./base-options";
import { anomalousSpans, drawBand, drawMark, drawSpans } from "./overlays";
import { fade, SERIES_COLORS, type Tokens } from "./tokens";

export interface MetricLine {
  id: string;
  label: string;
}

export interface MetricChart {
  name: string;
  /** Display unit, see `displayUnit`. */
  unit: string;
  lines: readonly MetricLine[];
  /** The value the series must not pass, drawn once values come near it or a forecast says they will. */
  limit: number | null;
}

const BYTE_STEPS = Array.from({ length: 52 }, (_, power) => 2 ** power);

/** The top of a value axis: room above the highest value, never so little that noise fills the chart. */
export function axisTop(max: number, chart: MetricChart, limitMatters: boolean): number {
  const share = chart.unit === SHARE;
  const floor = share ? 0.05 : chart.unit === "%" ? 5 : isBytes(chart.unit) ? 1024 : 0;
  let top = Math.max(max * 1.18, floor) || 1;
  if (share && max <= 1) top = Math.min(top, 1);
  if (limitMatters && chart.limit !== null) top = Math.max(top, chart.limit * 1.04);
  return top;
}

export function metricOptions(
  chart: MetricChart,
  store: EntityStore,
  at: number | null,
): (tokens: Tokens) => Omit<uPlot.Options, "width" | "height"> {
  const single = chart.lines.length === 1 ? chart.lines[0] : undefined;
  const forecasted = (): boolean => chart.lines.some((line) => store.structure.forecasts.has(line.id));
  const limitMatters = (max: number): boolean => chart.limit !== null && (forecasted() || max > chart.limit * 0.7);
  const range = (_: uPlot, dataMin: number | null, dataMax: number | null): [number, number] => {
    const max = dataMax ?? 0;
    const low = dataMin !== null && dataMin < 0 ? dataMin * 1.18 : 0;
    const upper = single ? store.bands.get(single.id)?.upper : undefined;
    const seen = upper === undefined ? max : Math.max(max, Math.min(upper, max * 1.6));
    return [low, axisTop(seen, chart, limitMatters(max))];
  };
  const behind = (plot: uPlot, tokens: Tokens): void => {
    const from = (plot.scales.x?.min ?? 0) * 1000;
    const to = (plot.scales.x?.max ?? 0) * 1000;
    const [times, flags] = readFrame(store.ring, [ANOMALOUS], from, to);
    drawSpans(plot, anomalousSpans(times, flags ?? [], store.ring.stepMs / 1000), tokens, 0.07);
    const band = single && store.bands.get(single.id);
    if (band) drawBand(plot, band.lower, band.upper, tokens);
  };
  const front = (plot: uPlot, tokens: Tokens): void => {
    // That a share ends at 100 % needs no words.
    const words = chart.unit === SHARE && chart.limit === 1 ? "" : `limit ${quantityText(chart.limit, chart.unit)}`;
    if (chart.limit !== null && plot.data[0].length > 0) drawMark(plot, chart.limit, "horizontal", words, tokens.alarm);
    if (at !== null) drawMark(plot, at / 1000, "vertical", "", tokens.soft);
  };
  return (tokens) => ({
    padding: [6, 4, 0, 0],
    legend: { show: false },
    cursor: sharedCursor(tokens),
    scales: { x: { time: true }, y: { range } },
    axes: [
      timeAxis(tokens),
      valueAxis(tokens, {
        values: (_, splits) => splits.map((value) => axisText(value, chart.unit)),
        ...(isBytes(chart.unit) ? { incrs: BYTE_STEPS } : {}),
      }),
    ],
    series: [
      {},
      ...chart.lines.map((line, index) => {
        const color = tokens.series[index % SERIES_COLORS] ?? tokens.accent;
        return {
          label: line.label,
          stroke: color,
          width: 1.5,
          points: { show: false },
          ...(single ? { fill: fade(color, 0.07) } : {}),
        };
      }),
    ],
    hooks: { drawClear: [(plot) => behind(plot, tokens)], draw: [(plot) => front(plot, tokens)] },
  });
}
