import type { IncidentEvent } from "@/shared/api/types";
import { KIND_OPTIONS, kindText } from "@/shared/lib/kinds";
import { useWho } from "@/shared/lib/who";
import { Select } from "@/shared/ui/field";
import { Segmented } from "@/shared/ui/segmented";
import { WhoField } from "@/shared/ui/who-field";
import { hasStatus, type IncidentFilter, type MutedFilter, PREDICTED, type StatusFilter } from "./filter";

const STATUSES: readonly (readonly [StatusFilter, string])[] = [
  ["all", "All"],
  ["open", "Open"],
  ["acknowledged", "Acknowledged"],
  ["resolved", "Resolved"],
];
const MUTED: readonly (readonly [MutedFilter, string])[] = [
  ["show", "Shown"],
  ["hide", "Hidden"],
  ["only", "Only muted"],
];

interface Props {
  filter: IncidentFilter;
  /** What the filter leaves beside its status: counted per status. */
  counted: readonly IncidentEvent[];
  onChange: (change: Partial<IncidentFilter>) => void;
}

/** Status with counts, kind, mine, muted. */
export function FilterBar({ filter, counted, onChange }: Props) {
  const me = useWho();
  const kinds: (readonly [string, string])[] = [["", "Any"], [PREDICTED, "Predicted"], ...KIND_OPTIONS];
  if (!kinds.some(([kind]) => kind === filter.kind)) kinds.push([filter.kind, kindText(filter.kind)]);
  return (
    <section
      aria-label="Filter incidents"
      className="mb-4 grid grid-cols-[1fr_1fr_auto] items-end gap-2.5 sm:flex sm:flex-wrap"
    >
      <div className="max-sm:col-span-3">
        <Segmented
          legend="Status"
          value={filter.status}
          onChange={(status) => onChange({ status })}
          options={STATUSES.map(([status, word]) => [
            status,
            word,
            counted.filter((incident) => hasStatus(incident, status)).length,
          ])}
        />
      </div>
      <Select label="Kind" value={filter.kind} onChange={(kind) => onChange({ kind })} options={kinds} />
      <Select
        label="Muted"
        value={filter.muted}
        onChange={(muted) => onChange({ muted: muted as MutedFilter })}
        options={MUTED}
      />
      <label className="flex h-9 cursor-pointer items-center gap-2 px-1 font-medium text-ink-soft max-sm:h-11">
        <input
          type="checkbox"
          checked={filter.mine}
          onChange={(event) => onChange({ mine: event.target.checked })}
          className="size-4 accent-accent"
        />
        Mine{me.trim() && <span className="font-normal text-xs max-sm:hidden">({me.trim()})</span>}
      </label>
      {filter.mine && me.trim() === "" && (
        <div className="max-sm:col-span-3">
          <WhoField needed label="Your name, to know which are yours" />
        </div>
      )}
    </section>
  );
}
