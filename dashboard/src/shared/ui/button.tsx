import type { ComponentProps } from "react";

const LOOKS = {
  primary: "bg-accent text-on-accent hover:opacity-90 disabled:opacity-50",
  quiet: "border border-line-strong bg-card text-ink hover:bg-sunken disabled:opacity-50",
};

export function Button({
  look = "quiet",
  className = "",
  ...rest
}: ComponentProps<"button"> & { look?: keyof typeof LOOKS }) {
  return (
    <button
      type="button"
      className={`inline-flex h-9 items-center justify-center gap-2 whitespace-nowrap rounded-lg px-3.5 font-medium text-sm ${LOOKS[look]} ${className}`}
      {...rest}
    />
  );
}
