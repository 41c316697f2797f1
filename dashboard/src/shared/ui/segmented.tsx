import { useId } from "react";

interface Props<T extends string> {
  legend: string;
  value: T;
  onChange: (to: T) => void;
  /** Values, their words, and how many there are of each where that is known. */
  options: readonly (readonly [value: T, word: string, count?: number])[];
}

/** One of a few, all in sight. Radio buttons, so that arrow keys work as everywhere. */
export function Segmented<T extends string>({ legend, value, onChange, options }: Props<T>) {
  const name = useId();
  return (
    <fieldset className="flex h-9 max-w-full rounded-lg border border-line-strong bg-card p-0.5 max-sm:h-11 max-sm:w-full">
      <legend className="sr-only">{legend}</legend>
      {options.map(([option, word, count]) => (
        <label
          key={option}
          className={`flex grow cursor-pointer items-center justify-center gap-1.5 whitespace-nowrap rounded-md px-2 font-medium text-[13px] has-focus-visible:outline-2 has-focus-visible:outline-accent sm:px-3 ${option === value ? "bg-accent-soft text-accent" : "text-ink-soft hover:text-ink"}`}
        >
          <input
            type="radio"
            name={name}
            value={option}
            checked={option === value}
            onChange={() => onChange(option)}
            className="sr-only"
          />
          {word}
          {count !== undefined && <span className="font-normal text-xs opacity-80">{count}</span>}
        </label>
      ))}
    </fieldset>
  );
}
