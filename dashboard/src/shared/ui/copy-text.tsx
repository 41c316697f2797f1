import { useState } from "react";
import { Icon } from "./icon";

/** A text to be carried elsewhere. Browsers refuse the clipboard to pages without TLS: then one click selects it all. */
export function CopyText({ text, label }: { text: string; label: string }) {
  const [state, setState] = useState<"" | "copied" | "refused">("");
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(text);
      setState("copied");
    } catch {
      setState("refused");
    }
  };
  return (
    <span className="inline-flex min-w-0 max-w-full items-center gap-1.5">
      <code className="min-w-0 select-all truncate text-[11px] text-ink-soft" title={text}>
        {text}
      </code>
      <button
        type="button"
        onClick={() => void copy()}
        aria-label={`Copy ${label}`}
        className="grid size-7 shrink-0 place-items-center rounded-md text-ink-faint hover:bg-sunken hover:text-ink"
      >
        <Icon
          name={state === "copied" ? "check" : "copy"}
          size={14}
          className={state === "copied" ? "text-good" : ""}
        />
      </button>
      <span role="status" className="sr-only">
        {state === "copied" && "Copied"}
        {state === "refused" && "The browser does not allow copying; select the text instead."}
      </span>
    </span>
  );
}
