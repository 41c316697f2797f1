/** Design tokens as the canvas needs them: resolved colours. */
export interface Tokens {
  ink: string;
  soft: string;
  faint: string;
  grid: string;
  line: string;
  card: string;
  accent: string;
  alarm: string;
  band: string;
  series: string[];
}

export const SERIES_COLORS = 8;

export function readTokens(): Tokens {
  const style = getComputedStyle(document.documentElement);
  const token = (name: string): string => style.getPropertyValue(name).trim();
  return {
    ink: token("--c-ink"),
    soft: token("--c-ink-soft"),
    faint: token("--c-ink-faint"),
    grid: token("--c-grid"),
    line: token("--c-line-strong"),
    card: token("--c-card"),
    accent: token("--c-accent"),
    alarm: token("--c-alarm"),
    band: token("--c-band"),
    series: Array.from({ length: SERIES_COLORS }, (_, index) => token(`--s-${index + 1}`)),
  };
}

/** A hex colour (#rgb or #rrggbb, an alpha of its own is dropped) with another opacity. */
export function fade(hex: string, alpha: number): string {
  const short = hex.length < 7;
  const digits = short ? [...hex.slice(1, 4)].map((digit) => digit + digit).join("") : hex.slice(1, 7);
  const byte = Math.round(Math.max(0, Math.min(1, alpha)) * 255);
  return `#${digits}${byte.toString(16).padStart(2, "0")}`;
}
