import { type KeyboardEvent, useEffect, useId, useRef, useState } from "react";
import { apiPath } from "@/shared/api/client";
import { serverClock } from "@/shared/lib/time";
import { type LiveView, RANGE_SPEC, spanOf } from "@/shared/lib/url-state";
import { Button } from "@/shared/ui/button";
import { Icon } from "@/shared/ui/icon";
import { useNow } from "@/shared/ui/use-now";

const KINDS = [
  ["samples", "Measurements"],
  ["scores", "Scores"],
] as const;
const FORMATS = [
  ["csv", "CSV"],
  ["parquet", "Parquet"],
] as const;

/** Where the gateway writes what the view shows into one file, every value as it was measured. */
export function exportHref(view: LiveView, kind: string, format: string, now: number): string {
  const { from, to } = spanOf(view, now);
  return apiPath("/api/export", { kind, format, entity: view.entity, from: Math.round(from), to: Math.round(to) });
}

/** Downloads of the entity and time in view. Plain links: the browser saves while the gateway is still writing. */
export function ExportMenu({ view }: { view: LiveView }) {
  const [open, setOpen] = useState(false);
  const root = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const panel = useId();
  useEffect(() => {
    if (!open) return;
    const outside = (event: Event): void => {
      if (!root.current?.contains(event.target as Node)) setOpen(false);
    };
    document.addEventListener("pointerdown", outside);
    document.addEventListener("focusin", outside);
    return () => {
      document.removeEventListener("pointerdown", outside);
      document.removeEventListener("focusin", outside);
    };
  }, [open]);
  const onKey = (event: KeyboardEvent): void => {
    if (event.key !== "Escape" || !open) return;
    setOpen(false);
    button.current?.focus();
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: only Escape of what is inside is listened for.
    <div ref={root} className="relative" onKeyDown={onKey}>
      <Button ref={button} aria-expanded={open} aria-controls={open ? panel : undefined} onClick={() => setOpen(!open)}>
        Export
        <Icon name="chevron" size={14} />
      </Button>
      {open && <Panel id={panel} view={view} />}
    </div>
  );
}

function Panel({ id, view }: { id: string; view: LiveView }) {
  // The end of a live view moves on while the panel is open.
  useNow(1000);
  const now = serverClock.now();
  return (
    <section id={id} aria-label="Export" className="card absolute right-0 z-20 mt-1 w-64 p-3 shadow-lg">
      <p className="text-ink-soft text-xs">
        <span className="break-all font-medium text-ink">{view.entity}</span>, {RANGE_SPEC[view.range].label} as
        measured
      </p>
      <ul className="mt-2 grid gap-2">
        {KINDS.map(([kind, title]) => (
          <li key={kind} className="flex items-center gap-2">
            <span className="grow">{title}</span>
            {FORMATS.map(([format, word]) => (
              <a
                key={format}
                download
                href={exportHref(view, kind, format, now)}
                aria-label={`${title} as ${word}`}
                className="rounded-lg border border-line-strong px-2.5 py-1 font-medium text-[13px] hover:bg-sunken"
              >
                {word}
              </a>
            ))}
          </li>
        ))}
      </ul>
    </section>
  );
}
