import type { Contributor } from "@/shared/api/types";
import { quantityText } from "@/shared/lib/format";
import { seriesTitle } from "@/shared/lib/series-name";
import { contributorScale } from "./contributor-scale";
import { rankTexts } from "./ranks";

interface Props {
  items: readonly Contributor[];
  limit?: number;
  /** Says what each judge made of it, too. */
  ranked?: boolean;
}

/** Why: each series that makes it strange, seen against its normal range. */
export function Contributors({ items, limit, ranked = false }: Props) {
  if (items.length === 0) return null;
  const shown = items.slice(0, limit ?? items.length);
  return (
    <ul className="grid gap-2.5" aria-label="What is unusual">
      {shown.map((item) => (
        <Row key={item.series} item={item} ranked={ranked} />
      ))}
      {shown.length < items.length && (
        <li className="text-ink-faint text-xs">and {items.length - shown.length} more</li>
      )}
    </ul>
  );
}

function Row({ item, ranked }: { item: Contributor; ranked: boolean }) {
  const text = (value: number | null): string => quantityText(value, item.unit, item.name);
  const scale = contributorScale(item);
  return (
    <li className="grid grid-cols-[minmax(0,1fr)_auto] items-center gap-x-4 gap-y-1 sm:grid-cols-[minmax(0,15rem)_minmax(0,1fr)_8.5rem]">
      <span className="min-w-0">
        <span className="block truncate text-ink-soft" title={item.name}>
          {seriesTitle(item.name, item.labels)}
        </span>
        {ranked && <Ranks item={item} />}
      </span>
      <span className="whitespace-nowrap text-right sm:order-3">
        <span className="font-semibold">{text(item.value)}</span>
        <span className="block text-[11px] text-ink-faint">
          normal {text(item.low)} to {text(item.high)}
        </span>
      </span>
      <span className="relative col-span-2 h-2.5 rounded-full bg-sunken sm:order-2 sm:col-span-1" aria-hidden="true">
        {scale && (
          <>
            <span
              className="absolute inset-y-0 rounded-full bg-accent opacity-45"
              style={{ left: `${scale.low}%`, width: `${Math.max(1.5, scale.high - scale.low)}%` }}
            />
            <span
              className="absolute top-1/2 size-3.5 -translate-x-1/2 -translate-y-1/2 rotate-45 rounded-[3px] border-2 border-card bg-alarm"
              style={{ left: `${scale.value}%` }}
            />
          </>
        )}
      </span>
    </li>
  );
}

/** What each way of judging made of it, as far as it was asked. */
function Ranks({ item }: { item: Contributor }) {
  const ranks = rankTexts(item);
  if (ranks.length === 0) return null;
  return <span className="block text-[11px] text-ink-faint">{ranks.join(" · ")}</span>;
}
