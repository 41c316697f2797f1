import uPlot from "uplot";
import { ANOMALOUS, type EntityStore, RARITY } from "@/shared/stream/entity-store";
import { readFrame } from "@/shared/stream/read";
import { sharedCursor, timeAxis, valueAxis } from "./base-options";
import { anomalousSpans, drawMark, drawSpans } from "./overlays";
import { fade, type Tokens } from "./tokens";

const RIBBON_PX = 16;
const RIBBON_GAP_PX = 6;

/** 0 for what happens all the time, 1 for what normal behaviour shows less than once in 100,000 ticks. */
export function rarityLevel(p: number | null | undefined): number {
  if (p === null || p === undefined || Number.isNaN(p)) return 0;
  return Math.max(0, Math.min(1, (-Math.log10(Math.max(p, 1e-12)) - 1) / 4));
}

/** The score as a line, and under it a ribbon in which each point's rarity is a shade and anomalous spans are framed. */
export function scoreOptions(
  store: EntityStore,
  at: number | null,
): (tokens: Tokens) => Omit<uPlot.Options, "width" | "height"> {
  const draw = (plot: uPlot, tokens: Tokens, layer: "behind" | "front"): void => {
    const from = (plot.scales.x?.min ?? 0) * 1000;
    const to = (plot.scales.x?.max ?? 0) * 1000;
    const [times, flags, p] = readFrame(store.ring, [ANOMALOUS, RARITY], from, to);
    const step = store.ring.stepMs / 1000;
    const spans = anomalousSpans(times, flags ?? [], step);
    if (layer === "behind") {
      drawSpans(plot, spans, tokens, 0.13);
      return;
    }
    drawRibbon(plot, times, p ?? [], spans, step, tokens);
    if (at !== null) drawMark(plot, at / 1000, "vertical", "", tokens.soft);
  };
  return (tokens) => ({
    padding: [8, 4, 0, 0],
    legend: { show: false },
    cursor: sharedCursor(tokens),
    scales: {
      x: { time: true },
      y: {
        range: (_, min, max) => {
          const low = Math.floor(Math.min(min ?? 0.4, 0.4) * 20) / 20;
          const high = Math.ceil(Math.max(max ?? 0.7, 0.7) * 20) / 20;
          // The line keeps clear of the ribbon along the bottom.
          return [low - (high - low) * 0.22, high];
        },
      },
    },
    axes: [
      timeAxis(tokens),
      valueAxis(tokens, {
        incrs: [0.1, 0.2],
        values: (_, splits) => splits.map((value) => (value < 0.3 ? "" : value.toFixed(1))),
      }),
    ],
    series: [{}, { label: "Score", stroke: tokens.accent, width: 1.75, points: { show: false } }],
    hooks: {
      drawClear: [(plot) => draw(plot, tokens, "behind")],
      draw: [(plot) => draw(plot, tokens, "front")],
    },
  });
}

function drawRibbon(
  plot: uPlot,
  times: readonly number[],
  p: readonly (number | null | undefined)[],
  spans: readonly [number, number][],
  step: number,
  tokens: Tokens,
): void {
  const { ctx, bbox } = plot;
  const ratio = uPlot.pxRatio;
  const height = RIBBON_PX * ratio;
  const top = bbox.top + bbox.height - height - RIBBON_GAP_PX * ratio;
  const x = (time: number): number =>
    Math.max(bbox.left, Math.min(bbox.left + bbox.width, plot.valToPos(time, "x", true)));
  ctx.save();
  for (let index = 0; index < times.length; index++) {
    const rarity = p[index];
    if (rarity === null || rarity === undefined) continue;
    // Whole pixels: cells that share one would blend into a seam.
    const left = Math.round(x(times[index] as number));
    const width = Math.round(x((times[index] as number) + step)) - left;
    if (width <= 0) continue;
    const level = rarityLevel(rarity);
    ctx.fillStyle = level === 0 ? fade(tokens.accent, 0.2) : fade(tokens.alarm, 0.22 + 0.78 * level);
    ctx.fillRect(left, top, width, height);
  }
  ctx.strokeStyle = tokens.alarm;
  ctx.lineWidth = 1.5 * ratio;
  for (const [from, to] of spans) {
    const left = x(from);
    const right = x(to);
    if (right > left) ctx.strokeRect(left, top - ratio, right - left, height + 2 * ratio);
  }
  ctx.restore();
}
