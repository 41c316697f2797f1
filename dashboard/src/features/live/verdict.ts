import type { Maturity } from "@/shared/api/types";
import { duration } from "@/shared/lib/format";
import type { Structure } from "@/shared/stream/entity-store";
import type { IconName } from "@/shared/ui/icon";

/** An entity is warm after this long, thanks to what is known from others. */
const LEARNING_SECONDS = 60;

export interface VerdictText {
  title: string;
  sentence: string;
  icon: IconName;
  /** Text colour class. */
  tone: string;
}

/** A verdict older than this says nothing about now. */
const STALE_MS = 10_000;

/** The verdict in words a person understands without knowing what a score is; `ageMs` is how old the newest one is. */
export function verdictText(structure: Structure, at: number | null, ageMs = 0): VerdictText {
  if (at !== null)
    return {
      title: "Looking back",
      sentence: "The view stands still. Shaded spans were judged anomalous at the time.",
      icon: "clock",
      tone: "text-ink",
    };
  if (structure.maturity === null)
    return { title: "Waiting", sentence: "No verdict has arrived yet.", icon: "clock", tone: "text-ink-soft" };
  if (ageMs > STALE_MS)
    return {
      title: "No news",
      sentence: `The newest verdict is ${duration(ageMs)} old. This page goes on as soon as data arrives.`,
      icon: "unplugged",
      tone: "text-warn",
    };
  if (structure.anomalous)
    return {
      title: "Anomalous",
      sentence: "Several readings together do not fit what is normal here.",
      icon: "critical",
      tone: "text-alarm",
    };
  if (structure.maturity === "cold")
    return {
      title: "Learning",
      sentence: "Getting to know this entity. Fixed limits and silence already notify.",
      icon: "clock",
      tone: "text-info",
    };
  if (structure.strange.length > 0)
    return {
      title: "Normal so far",
      sentence: "Single readings are unusual, the whole is not.",
      icon: "info",
      tone: "text-ink",
    };
  return { title: "Normal", sentence: "Everything behaves as it usually does.", icon: "check", tone: "text-good" };
}

/** "34 of 60 s" while an entity is new; afterwards nothing, or that it takes longer than usual. */
export function learningText(maturity: Maturity | null, firstSeen: number | undefined, now: number): string | null {
  if (maturity === null || maturity === "warm") return null;
  if (firstSeen === undefined) return "learning";
  const seconds = Math.max(0, Math.floor((now - firstSeen) / 1000));
  return seconds <= LEARNING_SECONDS ? `learning: ${seconds} of ${LEARNING_SECONDS} s` : "learning";
}
