const KINDS: Record<string, string> = {
  joint: "Unusual behaviour",
  spike: "Spike",
  level: "Level shift",
  trend: "Trend",
  variance: "Unsteady",
  "flat-line": "Flat line",
  silence: "Silence",
  "drop-to-zero": "Drop to zero",
  "predicted-breach": "Predicted breach",
  "data-quality": "Data quality",
  threshold: "Rule",
  external: "External alert",
};

/** Every kind that the platform tells of, with its words. */
export const KIND_OPTIONS: readonly (readonly [kind: string, words: string])[] = Object.entries(KINDS);

/** A detection kind in words; one this page does not know is shown as it is. */
export const kindText = (kind: string): string => KINDS[kind] ?? kind.replaceAll("-", " ");
