import { useSyncExternalStore } from "react";

const KEY = "forewarn.who";
/** As IncidentRules of the contracts. */
export const MAX_WHO = 64;
const listeners = new Set<() => void>();

// Kept beside the storage, which may be blocked: then a name lasts as long as the page.
let unstored = "";

/** Name under which this browser acts, "" when nobody has said one. */
export function who(): string {
  try {
    return localStorage.getItem(KEY) ?? "";
  } catch {
    return unstored;
  }
}

export function sayWho(name: string): void {
  const kept = name.slice(0, MAX_WHO);
  try {
    if (kept.trim() === "") localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, kept);
  } catch {
    unstored = kept;
  }
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export const useWho = (): string => useSyncExternalStore(subscribe, who);

/** The name as the API wants it: trimmed, absent when there is none. */
export const signature = (name: string): string | undefined => name.trim() || undefined;
