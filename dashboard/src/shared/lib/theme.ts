import { useSyncExternalStore } from "react";

export type ThemeChoice = "system" | "light" | "dark";
const KEY = "forewarn.theme";
const listeners = new Set<() => void>();

const dark = (): MediaQueryList | undefined => window.matchMedia?.("(prefers-color-scheme: dark)");

/** What the reader chose; storage may be blocked, then it is the system's. */
export function themeChoice(): ThemeChoice {
  try {
    const stored = localStorage.getItem(KEY);
    return stored === "light" || stored === "dark" ? stored : "system";
  } catch {
    return "system";
  }
}

/** The theme in effect. */
export function activeTheme(): "light" | "dark" {
  const choice = themeChoice();
  return choice === "system" ? (dark()?.matches ? "dark" : "light") : choice;
}

function apply(): void {
  document.documentElement.dataset.theme = activeTheme();
  for (const listener of listeners) listener();
}

export function chooseTheme(choice: ThemeChoice): void {
  try {
    if (choice === "system") localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, choice);
  } catch {
    // Not remembered, but still applied below through the attribute.
  }
  apply();
}

/** Follows the system's theme for as long as the page lives. */
export function startTheme(): void {
  apply();
  dark()?.addEventListener("change", apply);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export const useThemeChoice = (): ThemeChoice => useSyncExternalStore(subscribe, themeChoice);
export const useActiveTheme = (): "light" | "dark" => useSyncExternalStore(subscribe, activeTheme);
