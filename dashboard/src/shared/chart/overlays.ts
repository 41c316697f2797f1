import uPlot from "uplot";
import type { Point } from "@/shared/stream/read";
import { fade, type Tokens } from "./tokens";

/** Spans of consecutive anomalous points, in seconds; each reaches one step past its last point. */
export function anomalousSpans(times: readonly number[], flags: readonly Point[], step: number): [number, number][] {
  const spans: [number, number][] = [];
  for (let index = 0; index < times.length; index++) {
    if (!flags[index]) continue;
    const time = times[index] as number;
    const open = spans.at(-1);
    if (open && time - open[1] <= step * 1.5) open[1] = time + step;
    else spans.push([time, time + step]);
  }
  return spans;
}

/** Shades time spans behind the lines. */
export function drawSpans(plot: uPlot, spans: readonly [number, number][], tokens: Tokens, alpha: number): void {
  const { ctx, bbox } = plot;
  ctx.save();
  ctx.fillStyle = fade(tokens.alarm, alpha);
  for (const [from, to] of spans) {
    const left = Math.max(bbox.left, plot.valToPos(from, "x", true));
    const right = Math.min(bbox.left + bbox.width, plot.valToPos(to, "x", true));
    if (right > left) ctx.fillRect(left, bbox.top, Math.max(right - left, uPlot.pxRatio), bbox.height);
  }
  ctx.restore();
}

/** The normal range as a quiet horizontal band. */
export function drawBand(plot: uPlot, lower: number, upper: number, tokens: Tokens): void {
  const { ctx, bbox } = plot;
  const clamp = (y: number): number => Math.max(bbox.top, Math.min(bbox.top + bbox.height, y));
  const top = clamp(plot.valToPos(upper, "y", true));
  const bottom = clamp(plot.valToPos(lower, "y", true));
  ctx.save();
  ctx.fillStyle = tokens.band;
  ctx.fillRect(bbox.left, top, bbox.width, Math.max(bottom - top, uPlot.pxRatio));
  ctx.restore();
}

/** A dashed line with a word: horizontal at a value (limit) or vertical at a time (incident). */
export function drawMark(
  plot: uPlot,
  at: number,
  direction: "horizontal" | "vertical",
  text: string,
  color: string,
): void {
  const { ctx, bbox } = plot;
  const ratio = uPlot.pxRatio;
  const position = plot.valToPos(at, direction === "vertical" ? "x" : "y", true);
  const [low, high] =
    direction === "vertical" ? [bbox.left, bbox.left + bbox.width] : [bbox.top, bbox.top + bbox.height];
  if (!(position >= low - 1 && position <= high + 1)) return;
  ctx.save();
  ctx.strokeStyle = color;
  ctx.fillStyle = color;
  ctx.lineWidth = ratio;
  ctx.setLineDash([5 * ratio, 4 * ratio]);
  ctx.beginPath();
  if (direction === "vertical") {
    ctx.moveTo(position, bbox.top);
    ctx.lineTo(position, bbox.top + bbox.height);
  } else {
    ctx.moveTo(bbox.left, position);
    ctx.lineTo(bbox.left + bbox.width, position);
  }
  ctx.stroke();
  if (text) {
    ctx.font = `${10.5 * ratio}px "Geist", system-ui, sans-serif`;
    ctx.textAlign = direction === "vertical" ? "left" : "right";
    const x = direction === "vertical" ? position + 5 * ratio : bbox.left + bbox.width - 4 * ratio;
    const y = direction === "vertical" ? bbox.top + 11 * ratio : position + 12 * ratio;
    ctx.fillText(text, x, y);
  }
  ctx.restore();
}
