import { type ReactNode, useId } from "react";

// 16 px on a phone: with less, iOS zooms into a field that is touched.
const LOOK =
  "h-9 w-full min-w-0 rounded-lg border border-line-strong bg-card px-2.5 text-sm max-sm:h-11 max-sm:text-base";

/** A label above its control. */
function Field({ label, wide, children }: { label: string; wide?: boolean; children: (id: string) => ReactNode }) {
  const id = useId();
  return (
    <span className={`grid min-w-0 gap-1 ${wide ? "w-full sm:w-auto sm:grow" : ""}`}>
      <label htmlFor={id} className="text-ink-soft text-xs">
        {label}
      </label>
      {children(id)}
    </span>
  );
}

interface Props {
  label: string;
  value: string;
  onChange: (to: string) => void;
}

/** A moment to the second, in the reader's own zone; `lib/local-input` reads it. */
export const MomentInput = ({ label, value, onChange }: Props) => (
  <Field label={label}>
    {(id) => (
      <input
        id={id}
        type="datetime-local"
        step={1}
        required
        value={value}
        onChange={(event) => onChange(event.target.value)}
        className={LOOK}
      />
    )}
  </Field>
);

interface TextProps extends Props {
  placeholder?: string;
  maxLength: number;
  list?: string;
  name?: string;
  required?: boolean;
}

export const TextInput = ({ label, value, onChange, ...rest }: TextProps) => (
  <Field label={label} wide>
    {(id) => (
      <input
        id={id}
        type="text"
        autoComplete="off"
        value={value}
        onChange={(event) => onChange(event.target.value)}
        className={`${LOOK} placeholder:text-ink-faint`}
        {...rest}
      />
    )}
  </Field>
);

/** One of a few; `options` are values and their words. */
export const Select = ({
  label,
  value,
  onChange,
  options,
  disabled,
}: Props & { options: readonly (readonly [string, string])[]; disabled?: boolean }) => (
  <Field label={label}>
    {(id) => (
      <select
        id={id}
        value={value}
        disabled={disabled}
        onChange={(event) => onChange(event.target.value)}
        className={`${LOOK} disabled:opacity-50`}
      >
        {options.map(([option, word]) => (
          <option key={option} value={option}>
            {word}
          </option>
        ))}
      </select>
    )}
  </Field>
);
