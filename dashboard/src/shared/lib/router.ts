import { useSyncExternalStore } from "react";

// A router this small needs no library: the address is the state, pages are a switch over it.

const listeners = new Set<() => void>();
const notify = (): void => {
  for (const listener of listeners) listener();
};

function subscribe(listener: () => void): () => void {
  if (listeners.size === 0) window.addEventListener("popstate", notify);
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) window.removeEventListener("popstate", notify);
  };
}

const current = (): string => window.location.pathname + window.location.search;

/** The address's path and search; renders again when either changes. */
export function useLocation(): { path: string; search: string } {
  const address = useSyncExternalStore(subscribe, current);
  const mark = address.indexOf("?");
  return mark < 0 ? { path: address, search: "" } : { path: address.slice(0, mark), search: address.slice(mark) };
}

/** Goes to a relative address. `replace` leaves no entry in the browser's history. */
export function navigate(to: string, options: { replace?: boolean } = {}): void {
  if (to === current()) return;
  if (options.replace) window.history.replaceState(null, "", to);
  else window.history.pushState(null, "", to);
  notify();
}
