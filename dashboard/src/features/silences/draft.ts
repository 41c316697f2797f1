import type { AlertMatch, SilenceKind, SilenceRequest } from "@/shared/api/alert-types";
import type { IncidentSeverity } from "@/shared/api/types";
import { fromLocalInput } from "@/shared/lib/local-input";
import { pair } from "@/shared/lib/silence-link";

/** What the form holds: texts as typed. */
export interface SilenceDraft {
  kind: SilenceKind;
  entity: string;
  /** "team=payments, k8s.node.name=worker-*" */
  labels: string;
  /** None = any. */
  severity: readonly IncidentSeverity[];
  detection: string;
  /** Minutes, or "until" for a span of its own. */
  length: string;
  from: string;
  to: string;
  reason: string;
}

export const UNTIL = "until";
export const LENGTHS = [
  ["30", "30 minutes"],
  ["60", "1 hour"],
  ["240", "4 hours"],
  ["480", "8 hours"],
  ["1440", "1 day"],
  ["10080", "1 week"],
  [UNTIL, "From … to …"],
] as const;

/** What it matches, without what was left empty. */
export function matchOf(draft: SilenceDraft): AlertMatch {
  const labels = Object.fromEntries(draft.labels.split(",").flatMap(pair));
  return {
    ...(draft.entity.trim() ? { entity: draft.entity.trim() } : {}),
    ...(Object.keys(labels).length > 0 ? { labels } : {}),
    ...(draft.severity.length > 0 ? { severity: draft.severity } : {}),
    ...(draft.detection ? { kind: [draft.detection] } : {}),
  };
}

/** What keeps the draft from being sent, in words; "" when nothing does. */
export function whyNot(draft: SilenceDraft, who: string, now: number): string {
  const labels = draft.labels.split(",").filter((text) => text.trim() !== "");
  const bad = labels.find((text) => pair(text).length === 0);
  if (bad !== undefined) return `"${bad.trim()}" is no attribute: write name=value, several with commas between.`;
  const { from, to } = spanOf(draft, now);
  if (to === null || from === null) return "Say from when to when.";
  if (to <= from) return "It ends before it begins.";
  if (to <= now) return "It ends in the past.";
  if (draft.reason.trim() === "") return "Say why: whoever comes after you will ask.";
  return who.trim() === "" ? "Say who you are." : "";
}

function spanOf(draft: SilenceDraft, now: number): { from: number | null; to: number | null } {
  if (draft.length !== UNTIL) return { from: now, to: now + Number(draft.length) * 60_000 };
  return { from: fromLocalInput(draft.from), to: fromLocalInput(draft.to) };
}

/** The draft as the platform wants it. A length begins when it arrives there, so no beginning is sent. */
export function requestOf(draft: SilenceDraft, who: string, now: number): SilenceRequest {
  const { from, to } = spanOf(draft, now);
  return {
    kind: draft.kind,
    match: matchOf(draft),
    ...(draft.length === UNTIL && from !== null ? { from } : {}),
    to: Math.round(to ?? now),
    reason: draft.reason.trim(),
    who: who.trim(),
  };
}
