import { RANGE_SPEC, RANGES, type Range } from "@/shared/lib/url-state";

/** Width of the window. Radio buttons, so that arrow keys work as everywhere. */
export function RangePicker({ value, onChange }: { value: Range; onChange: (range: Range) => void }) {
  return (
    <fieldset className="flex h-9 w-full rounded-lg border border-line-strong bg-card p-0.5">
      <legend className="sr-only">Time range</legend>
      {RANGES.map((range) => (
        <label
          key={range}
          title={RANGE_SPEC[range].label}
          className={`flex grow cursor-pointer items-center justify-center rounded-md px-2.5 font-medium text-[13px] has-focus-visible:outline-2 has-focus-visible:outline-accent ${range === value ? "bg-accent-soft text-accent" : "text-ink-soft hover:text-ink"}`}
        >
          <input
            type="radio"
            name="range"
            value={range}
            checked={range === value}
            onChange={() => onChange(range)}
            className="sr-only"
          />
          {range}
        </label>
      ))}
    </fieldset>
  );
}
