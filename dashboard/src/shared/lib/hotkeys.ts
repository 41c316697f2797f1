import { useEffect, useRef } from "react";

/** Single keys for what is done often. Typing in a field, and combinations that mean something elsewhere, stay as they are; Escape leaves a field, too. */
export function useHotkeys(keys: Readonly<Record<string, () => void>>): void {
  const newest = useRef(keys);
  newest.current = keys;
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || event.defaultPrevented) return;
      const { target } = event;
      const typing = target instanceof HTMLElement && target.closest("input, textarea, select, [contenteditable]");
      if (typing && event.key !== "Escape") return;
      const act = newest.current[event.key];
      if (!act) return;
      event.preventDefault();
      act();
    };
    window.addEventListener("keydown", press);
    return () => window.removeEventListener("keydown", press);
  }, []);
}
