import { seriesTitle } from "@/shared/lib/series-name";
import type { EntityStore, Structure } from "@/shared/stream/entity-store";
import { chartAnchor } from "./chart-card";
import type { ChartGroup } from "./grouping";

/** How many strange series are worth naming; the rest is a number. */
const NAMED = 6;

/** The way from "something is strange" to the chart that shows it. Charts themselves never change places. */
export function Attention({
  store,
  structure,
  groups,
}: {
  store: EntityStore;
  structure: Structure;
  groups: ChartGroup[];
}) {
  if (structure.strange.length === 0 || store.window.until !== null) return null;
  const charts = groups.flatMap((group) => group.charts);
  const loud = structure.strange.filter((id) => !charts.some((chart) => chart.quiet.includes(id)));
  const named = loud.slice(0, NAMED).flatMap((id) => {
    const meta = structure.series.find((series) => series.id === id);
    const chart = charts.find((it) => it.lines.some((line) => line.id === id));
    return meta && chart ? [{ id, meta, chart, z: store.latest(id)?.z ?? Number.NaN }] : [];
  });
  const more = loud.length - named.length;
  return (
    <nav aria-label="Unusual now" className="mt-4 flex flex-wrap items-center gap-2">
      <span className="mr-1 font-medium text-ink-soft">Unusual now</span>
      {named.map(({ id, meta, chart, z }) => (
        <a
          key={id}
          href={`#${chartAnchor(chart.key)}`}
          onClick={(event) => {
            event.preventDefault();
            document.getElementById(chartAnchor(chart.key))?.scrollIntoView({ block: "center" });
          }}
          className="rounded-full border border-alarm/40 bg-alarm-soft px-2.5 py-1 font-medium text-alarm text-xs hover:underline"
        >
          {seriesTitle(meta.name, meta.labels)} {z < 0 ? "↓" : "↑"}
        </a>
      ))}
      {more > 0 && <span className="text-ink-soft text-xs">and {more} more</span>}
    </nav>
  );
}
