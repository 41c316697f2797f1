import { type KeyboardEvent, useEffect, useId, useRef, useState } from "react";
import type { EntityInfo } from "@/shared/api/types";
import { ago } from "@/shared/lib/format";
import { serverClock } from "@/shared/lib/time";
import { Icon } from "@/shared/ui/icon";

interface Props {
  entities: readonly EntityInfo[];
  value: string;
  onChange: (entity: string) => void;
}

/** More than this nobody reads: the search narrows it down. */
const SHOWN = 60;

/** All words of the search, in any order; those heard of within the last minute first. */
export function findEntities(entities: readonly EntityInfo[], search: string, now: number): EntityInfo[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  const silent = (info: EntityInfo): number => (now - info.lastSeen > 60_000 ? 1 : 0);
  return entities
    .filter((info) => words.every((word) => info.entity.toLowerCase().includes(word)))
    .sort((a, b) => silent(a) - silent(b) || a.entity.localeCompare(b.entity, "en", { numeric: true }))
    .slice(0, SHOWN);
}

/** Combobox with search: arrows move, Enter picks, Escape closes. */
export function EntityPicker({ entities, value, onChange }: Props) {
  const [open, setOpen] = useState(false);
  const [search, setSearch] = useState("");
  const [active, setActive] = useState(0);
  const list = useId();
  const root = useRef<HTMLDivElement>(null);
  const now = serverClock.now();
  const found = findEntities(entities, search, now);

  useEffect(() => {
    if (!open) return;
    const outside = (event: PointerEvent): void => {
      if (!root.current?.contains(event.target as Node)) setOpen(false);
    };
    document.addEventListener("pointerdown", outside);
    return () => document.removeEventListener("pointerdown", outside);
  }, [open]);

  const pick = (entity: string | undefined): void => {
    if (entity === undefined) return;
    setOpen(false);
    setSearch("");
    onChange(entity);
  };
  const onKey = (event: KeyboardEvent): void => {
    if (event.key === "Escape") setOpen(false);
    else if (event.key === "Enter") pick(found[active]?.entity);
    else if (event.key === "ArrowDown") setActive(Math.min(active + 1, found.length - 1));
    else if (event.key === "ArrowUp") setActive(Math.max(active - 1, 0));
    else return;
    event.preventDefault();
  };

  return (
    <div ref={root} className="relative min-w-0">
      <button
        type="button"
        aria-expanded={open}
        aria-haspopup="listbox"
        aria-label={`Entity: ${value || "none"}. Choose another.`}
        onClick={() => setOpen(!open)}
        className="flex h-9 w-full items-center gap-2 rounded-lg border border-line-strong bg-card px-3 font-semibold hover:bg-sunken"
      >
        <Icon name="server" className="text-accent" />
        <span className="truncate">{value || "No entity yet"}</span>
        <Icon name="chevron" className="ml-auto text-ink-faint" />
      </button>
      {open && (
        <div className="absolute z-20 mt-1.5 w-[min(22rem,calc(100vw-2rem))] rounded-xl border border-line-strong bg-card p-1.5 shadow-lg">
          <label className="flex items-center gap-2 rounded-lg bg-sunken px-2.5">
            <Icon name="search" className="text-ink-faint" />
            <span className="sr-only">Search entities</span>
            <input
              // biome-ignore lint/a11y/noAutofocus: the reader has just asked for this search
              autoFocus
              role="combobox"
              aria-expanded
              aria-controls={list}
              aria-activedescendant={found[active] ? `${list}-${active}` : undefined}
              value={search}
              placeholder={`Search ${entities.length} entities`}
              onChange={(event) => {
                setSearch(event.target.value);
                setActive(0);
              }}
              onKeyDown={onKey}
              className="h-9 w-full bg-transparent outline-none placeholder:text-ink-faint"
            />
          </label>
          <div id={list} role="listbox" aria-label="Entities" tabIndex={-1} className="mt-1 max-h-80 overflow-auto">
            {found.map((info, index) => (
              <div
                key={info.entity}
                id={`${list}-${index}`}
                role="option"
                tabIndex={-1}
                aria-selected={info.entity === value}
                onPointerEnter={() => setActive(index)}
                onClick={() => pick(info.entity)}
                onKeyDown={onKey}
                className={`flex items-center gap-2 rounded-lg px-2.5 py-2 ${index === active ? "bg-accent-soft" : ""}`}
              >
                <span className={`truncate ${info.entity === value ? "font-semibold" : ""}`}>{info.entity}</span>
                <span className="ml-auto whitespace-nowrap text-ink-faint text-xs">
                  {now - info.lastSeen > 60_000 ? `silent, ${ago(now - info.lastSeen)}` : `${info.series} series`}
                </span>
              </div>
            ))}
            {found.length === 0 && <p className="px-2.5 py-3 text-ink-soft">Nothing matches “{search}”.</p>}
          </div>
        </div>
      )}
    </div>
  );
}
