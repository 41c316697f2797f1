import { type KeyboardEvent, useEffect, useRef } from "react";
import uPlot from "uplot";
import { useActiveTheme } from "@/shared/lib/theme";
import type { Frame } from "@/shared/stream/read";
import { type Painter, paintLoop } from "./paint-loop";
import { readTokens, type Tokens } from "./tokens";

/** Where a chart's points come from, asked again for every painting. */
export interface ChartSource {
  read(): Frame;
  /** The axis' edges, seconds. */
  edges(): { from: number; to: number };
  onData(listener: () => void): () => void;
}

interface Props {
  source: ChartSource;
  /** Options apart from size; called again when the theme changes. Must keep its identity between renders. */
  build: (tokens: Tokens) => Omit<uPlot.Options, "width" | "height">;
  height: number;
  /** What the chart shows, for people who do not see it. */
  label: string;
  /** Called after each painting with the points, and while the cursor moves with the index under it. */
  onShow?: (frame: Frame, index: number | null) => void;
}

/** All charts of a page share this cursor. */
export const SYNC_KEY = "forewarn";

/** A uPlot canvas outside React's rendering: painted by the page's one loop, only while it can be seen. */
export function TimeChart({ source, build, height, label, onShow }: Props) {
  const host = useRef<HTMLDivElement>(null);
  const chart = useRef<uPlot | null>(null);
  const theme = useActiveTheme();

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new theme needs new colours, read from the document
  useEffect(() => {
    const element = host.current;
    if (!element) return;
    const options = build(readTokens());
    let frame = source.read();
    const show = (plot: uPlot): void => onShow?.(frame, plot.cursor.idx ?? null);
    const plot = new uPlot(
      {
        ...options,
        width: element.clientWidth || 300,
        height,
        hooks: { ...options.hooks, setCursor: [...(options.hooks?.setCursor ?? []), show] },
      },
      frame as uPlot.AlignedData,
      element,
    );
    chart.current = plot;
    const painter: Painter = {
      visible: false,
      paint() {
        frame = source.read();
        const { from, to } = source.edges();
        plot.batch(() => {
          plot.setData(frame as uPlot.AlignedData, false);
          plot.setScale("x", { min: from, max: to });
        });
        show(plot);
      },
    };
    const forget = paintLoop.add(painter);
    const stopData = source.onData(() => paintLoop.invalidate(painter));
    const stopWatching = watch(element, painter, () => plot.setSize({ width: element.clientWidth, height }));
    return () => {
      stopWatching();
      stopData();
      forget();
      plot.destroy();
      chart.current = null;
    };
  }, [source, build, height, onShow, theme]);

  return (
    // biome-ignore lint/a11y/useSemanticElements: a canvas with a cursor has no element of its own
    <div
      ref={host}
      role="group"
      aria-label={`${label}. Arrow keys move the cursor.`}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: the cursor is driven by the keyboard too
      tabIndex={0}
      className="w-full rounded-md"
      style={{ height }}
      onKeyDown={(event) => chart.current && moveCursor(chart.current, event)}
      onBlur={() => chart.current?.setCursor({ left: -10, top: -10 })}
    />
  );
}

function watch(element: HTMLElement, painter: Painter, resize: () => void): () => void {
  const seen = new IntersectionObserver(
    ([entry]) => {
      if (entry) paintLoop.show(painter, entry.isIntersecting);
    },
    { rootMargin: "120px" },
  );
  const sized = new ResizeObserver(resize);
  seen.observe(element);
  sized.observe(element);
  return () => {
    seen.disconnect();
    sized.disconnect();
  };
}

function moveCursor(plot: uPlot, event: KeyboardEvent): void {
  const last = plot.data[0].length - 1;
  const jump = event.shiftKey ? 30 : 1;
  const index = plot.cursor.idx ?? last;
  const moves: Record<string, number> = { ArrowLeft: index - jump, ArrowRight: index + jump, Home: 0, End: last };
  if (event.key === "Escape") plot.setCursor({ left: -10, top: -10 });
  const target = moves[event.key];
  if (target === undefined || last < 0) return;
  event.preventDefault();
  const time = plot.data[0][Math.max(0, Math.min(last, target))] as number;
  const left = plot.valToPos(time, "x");
  plot.setCursor({ left, top: plot.over.clientHeight / 2 });
  uPlot
    .sync(SYNC_KEY)
    .pub(
      "mousemove",
      plot,
      left,
      plot.over.clientHeight / 2,
      plot.over.clientWidth,
      plot.over.clientHeight,
      plot.cursor.idx ?? 0,
    );
}
