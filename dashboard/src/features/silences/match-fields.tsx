import { useId } from "react";
import type { EntityInfo, IncidentSeverity } from "@/shared/api/types";
import { KIND_OPTIONS, kindText } from "@/shared/lib/kinds";
import { Select, TextInput } from "@/shared/ui/field";
import type { SilenceDraft } from "./draft";

export const KINDS = [
  ["silence", "Silence"],
  ["maintenance", "Maintenance: no training on it"],
] as const;
const SEVERITIES: readonly (readonly [IncidentSeverity, string])[] = [
  ["info", "Info"],
  ["warning", "Warning"],
  ["critical", "Critical"],
];
/** As FeedbackRules of the contracts. */
const MAX_ENTITY = 255;

interface Props {
  draft: SilenceDraft;
  onChange: (change: Partial<SilenceDraft>) => void;
  entities: readonly EntityInfo[];
}

/** Which incidents: what is empty matches all, what is filled in must hold together. */
export function MatchFields({ draft, onChange, entities }: Props) {
  const names = useId();
  const kinds: (readonly [string, string])[] = [["", "Any"], ...KIND_OPTIONS];
  if (!kinds.some(([kind]) => kind === draft.detection)) kinds.push([draft.detection, kindText(draft.detection)]);
  return (
    <fieldset className="grid gap-3.5 sm:grid-cols-2">
      <legend className="sr-only">What is silenced</legend>
      <TextInput
        label="Entity (* stands for any characters)"
        value={draft.entity}
        onChange={(entity) => onChange({ entity })}
        placeholder="Every entity"
        maxLength={MAX_ENTITY}
        list={names}
      />
      <datalist id={names}>
        {entities.map((info) => (
          <option key={info.entity} value={info.entity} />
        ))}
      </datalist>
      <TextInput
        label="Attributes (name=value, with commas between)"
        value={draft.labels}
        onChange={(labels) => onChange({ labels })}
        placeholder="Any"
        maxLength={MAX_ENTITY * 4}
      />
      <Severities chosen={draft.severity} onChange={(severity) => onChange({ severity })} />
      <Select label="Kind" value={draft.detection} onChange={(detection) => onChange({ detection })} options={kinds} />
    </fieldset>
  );
}

/** Any unless some are chosen: "all but critical" is what people want at night. */
function Severities({
  chosen,
  onChange,
}: {
  chosen: readonly IncidentSeverity[];
  onChange: (to: readonly IncidentSeverity[]) => void;
}) {
  const toggle = (one: IncidentSeverity): void =>
    onChange(
      SEVERITIES.map(([severity]) => severity).filter((severity) =>
        severity === one ? !chosen.includes(one) : chosen.includes(severity),
      ),
    );
  return (
    <fieldset className="grid min-w-0 gap-1">
      <legend className="float-left text-ink-soft text-xs">Severity (none chosen = any)</legend>
      <span className="flex h-9 items-center gap-4 max-sm:h-11">
        {SEVERITIES.map(([severity, word]) => (
          <label key={severity} className="flex cursor-pointer items-center gap-1.5">
            <input
              type="checkbox"
              checked={chosen.includes(severity)}
              onChange={() => toggle(severity)}
              className="size-4 accent-accent"
            />
            {word}
          </label>
        ))}
      </span>
    </fieldset>
  );
}
