import { useMemo } from "react";
import type { EntityStore, Structure } from "@/shared/stream/entity-store";
import { Attention } from "./attention";
import { ChartCard } from "./chart-card";
import { type ChartGroup, groupSeries } from "./grouping";

interface Props {
  store: EntityStore;
  structure: Structure;
  at: number | null;
}

/** Columns that leave no hole in the last row, as far as three and two go. */
const columns = (charts: number): string => (charts % 3 === 0 || charts === 1 || charts === 5 ? "xl:grid-cols-3" : "");

const groupAnchor = (name: string): string => `group-${name.toLowerCase()}`;

/** All charts of the entity by group. The order is fixed; what is strange now is named above and marked in place. */
export function ChartGrid({ store, structure, at }: Props) {
  const groups = useMemo(() => groupSeries(structure.series), [structure.series]);
  const strange = new Set(structure.strange);
  return (
    <>
      <Attention store={store} structure={structure} groups={groups} />
      {groups.map((group) => (
        <Section key={group.name} group={group} strange={strange} store={store} structure={structure} at={at} />
      ))}
    </>
  );
}

function Section({ group, strange, store, structure, at }: Props & { group: ChartGroup; strange: Set<string> }) {
  return (
    <section aria-labelledby={groupAnchor(group.name)} className="mt-7">
      <h2 id={groupAnchor(group.name)} className="mb-2.5 font-semibold text-base tracking-tight">
        {group.name}
      </h2>
      <div className={`grid grid-cols-1 gap-3 md:grid-cols-2 ${columns(group.charts.length)}`}>
        {group.charts.map((chart) => (
          <ChartCard
            key={chart.key}
            chart={chart}
            store={store}
            at={at}
            strange={chart.lines
              .filter((line) => strange.has(line.id))
              .map((line) => line.id)
              .join(",")}
            forecast={chart.lines.map((line) => structure.forecasts.get(line.id)).find(Boolean)}
          />
        ))}
      </div>
    </section>
  );
}
