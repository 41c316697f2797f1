import type { SeriesMeta } from "@/shared/api/types";
import type { MetricChart } from "@/shared/chart/metric-options";
import { displayUnit } from "@/shared/lib/format";
import { labelText, splitVariant, titleOf } from "@/shared/lib/series-name";

export const GROUPS = ["CPU", "Memory", "Disk", "Network", "Pressure", "Requests", "Other"] as const;
export type Group = (typeof GROUPS)[number];

export interface GroupedChart extends MetricChart {
  key: string;
  title: string;
  /** Lines that start hidden: the complement of the others, which would flatten them. */
  quiet: readonly string[];
}

export interface ChartGroup {
  name: Group;
  charts: GroupedChart[];
}

/** More lines than this in one chart cannot be told apart. */
const MAX_LINES = 8;
/** Up to this many devices, each has a chart of its own. */
const MAX_PARTS = 6;

/** Labels whose values are the lines of a chart; the rest (device, mount point) tell charts apart. */
const LINE_LABEL = /(^|\.)(mode|state|direction|type|kind|quantile|percentile|stall|outcome)$/;
const IDLE = /^(idle|free)$/;

/** First match wins: pressure stall information names CPU, memory and disk, but belongs together. */
const RULES: [Group, RegExp][] = [
  ["Pressure", /pressure|psi\b/],
  ["Requests", /^(http|rpc|db|messaging|probe|url|tcp|dns|request)\b|request|latency/],
  ["Memory", /memory|paging|swap/],
  ["Disk", /disk|filesystem/],
  ["Network", /network|connections?\b/],
  ["CPU", /cpu|load|context_switches|interrupts/],
];

export function groupOf(name: string): Group {
  for (const [group, pattern] of RULES) if (pattern.test(name)) return group;
  return "Other";
}

interface Member {
  meta: SeriesMeta;
  line: string;
  part: string;
}

/** Arranges an entity's series in groups of charts. Order depends on names only, so charts never jump. */
export function groupSeries(series: readonly SeriesMeta[]): ChartGroup[] {
  const families = new Map<string, Member[]>();
  for (const meta of series) {
    const { family, variant } = splitVariant(meta.name);
    const { line, part } = splitLabels(meta);
    const key = `${family}\n${displayUnit(family, meta.unit, meta.limit)}`;
    const member = { meta, line: [variant, line].filter(Boolean).join(" · "), part };
    families.set(key, [...(families.get(key) ?? []), member]);
  }
  const charts = [...families].flatMap(([key, members]) => chartsOf(key.split("\n")[0] ?? "", members));
  return GROUPS.map((name) => ({
    name,
    charts: charts.filter((chart) => groupOf(chart.name) === name).sort(byImportance),
  })).filter((group) => group.charts.length > 0);
}

function splitLabels(meta: SeriesMeta): { line: string; part: string } {
  const entries = Object.entries(meta.labels);
  return {
    line: labelText(Object.fromEntries(entries.filter(([key]) => LINE_LABEL.test(key)))),
    part: labelText(Object.fromEntries(entries.filter(([key]) => !LINE_LABEL.test(key)))),
  };
}

function chartsOf(family: string, members: Member[]): GroupedChart[] {
  const parts = new Set(members.map((member) => member.part));
  const hasLines = members.some((member) => member.line !== "");
  const apart = hasLines && parts.size > 1 && parts.size <= MAX_PARTS;
  const piles = new Map<string, { id: string; label: string; meta: SeriesMeta }[]>();
  for (const { meta, line, part } of members) {
    const pile = apart ? part : hasLines && parts.size > MAX_PARTS ? line : "";
    const label = apart ? line : pile === line && pile !== "" ? part : [part, line].filter(Boolean).join(" · ");
    piles.set(pile, [...(piles.get(pile) ?? []), { id: meta.id, label, meta }]);
  }
  const onlyPart = parts.size === 1 && hasLines ? [...parts][0] : "";
  return [...piles].flatMap(([pile, lines]) => chunk(family, pile || onlyPart || "", lines));
}

function chunk(family: string, pile: string, lines: { id: string; label: string; meta: SeriesMeta }[]): GroupedChart[] {
  const sorted = lines.sort((a, b) => a.label.localeCompare(b.label, "en", { numeric: true }));
  const charts: GroupedChart[] = [];
  for (let start = 0; start < sorted.length; start += MAX_LINES) {
    const some = sorted.slice(start, start + MAX_LINES);
    const first = some[0]?.meta as SeriesMeta;
    const lone = some.length === 1 && pile === "" ? some[0]?.label : "";
    const unit = displayUnit(family, first.unit, first.limit);
    const number = sorted.length > MAX_LINES ? ` (${start / MAX_LINES + 1})` : "";
    charts.push({
      key: `${family}|${unit}|${pile}|${start}`,
      title: chartTitle(family, pile || lone || "") + number,
      name: family,
      unit,
      limit: some.map((line) => line.meta.limit ?? null).find((limit) => limit !== null) ?? null,
      lines: some.map(({ id, label }) => ({
        id,
        label: onlyPartLabel(label, pile) || (some.length > 1 ? "total" : titleOf(family)),
      })),
      quiet: some.length > 1 ? some.filter((line) => IDLE.test(line.label)).map((line) => line.id) : [],
    });
  }
  return charts;
}

/** "CPU pressure" reads better than "Pressure · CPU"; other measures come first, because parts are device names. */
function chartTitle(family: string, part: string): string {
  const title = titleOf(family);
  if (part === "") return title;
  if (title === "Pressure" && !part.includes(" ")) return `${part.charAt(0).toUpperCase()}${part.slice(1)} pressure`;
  return `${title} · ${part}`;
}

/** A label need not repeat what the chart's title says. */
const onlyPartLabel = (label: string, pile: string): string =>
  pile !== "" && label.startsWith(`${pile} · `) ? label.slice(pile.length + 3) : label;

/** Shares first (they are what people look for), then the rest, each by title. */
function byImportance(a: GroupedChart, b: GroupedChart): number {
  const rank = (chart: GroupedChart): number => (/utilization|duration/.test(chart.name) ? 0 : 1);
  return rank(a) - rank(b) || a.title.localeCompare(b.title, "en", { numeric: true });
}
