import type uPlot from "uplot";
import { SYNC_KEY } from "./time-chart";
import type { Tokens } from "./tokens";

const FONT = '11px "Geist", ui-sans-serif, system-ui, sans-serif';
const SECOND = 1;
const MINUTE = 60;
const HOUR = 3600;

/** Time axis labels: seconds only where the window is short enough to need them. */
function timeLabels(_: uPlot, splits: number[], __: number, ___: number, increment: number): string[] {
  const options: Intl.DateTimeFormatOptions = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
  if (increment < MINUTE) options.second = "2-digit";
  const format = new Intl.DateTimeFormat("en-GB", options);
  return splits.map((seconds) => format.format(seconds * 1000));
}

export function timeAxis(tokens: Tokens): uPlot.Axis {
  return {
    font: FONT,
    stroke: tokens.faint,
    space: 84,
    size: 24,
    gap: 4,
    incrs: [
      SECOND,
      5,
      10,
      15,
      30,
      MINUTE,
      2 * MINUTE,
      5 * MINUTE,
      10 * MINUTE,
      15 * MINUTE,
      30 * MINUTE,
      HOUR,
      2 * HOUR,
      3 * HOUR,
      6 * HOUR,
    ],
    grid: { show: false },
    ticks: { show: false },
    values: timeLabels,
  };
}

export function valueAxis(tokens: Tokens, axis: Partial<uPlot.Axis>): uPlot.Axis {
  return {
    font: FONT,
    stroke: tokens.faint,
    size: 62,
    gap: 6,
    space: 34,
    grid: { stroke: tokens.grid, width: 1 },
    ticks: { show: false },
    ...axis,
  };
}

/** Cursor shared by all charts; no zoom by dragging, because the range lives in the address. */
export function sharedCursor(tokens: Tokens): uPlot.Cursor {
  return {
    y: false,
    drag: { x: false, y: false, setScale: false },
    sync: { key: SYNC_KEY, setSeries: false },
    points: { size: 6, width: 1.5, stroke: (plot, index) => lineColor(plot, index), fill: () => tokens.card },
  };
}

function lineColor(plot: uPlot, index: number): string {
  const stroke = plot.series[index]?.stroke;
  return typeof stroke === "function" ? (stroke(plot, index) as string) : ((stroke as string | undefined) ?? "");
}
