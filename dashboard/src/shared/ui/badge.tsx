import type { ReactNode } from "react";
import { Icon, type IconName } from "./icon";

export type Tone = "neutral" | "good" | "info" | "warn" | "alarm" | "accent";

const TONES: Record<Tone, string> = {
  neutral: "bg-sunken text-ink-soft",
  good: "bg-good-soft text-good",
  info: "bg-info-soft text-info",
  warn: "bg-warn-soft text-warn",
  alarm: "bg-alarm-soft text-alarm",
  accent: "bg-accent-soft text-accent",
};

interface Props {
  tone?: Tone;
  icon?: IconName;
  /** What the word means, for whoever points at it. */
  title?: string;
  children: ReactNode;
}

/** A small word with a tone; the icon carries the state where colour cannot. */
export function Badge({ tone = "neutral", icon, title, children }: Props) {
  return (
    <span
      title={title}
      className={`inline-flex items-center gap-1 whitespace-nowrap rounded-full px-2 py-0.5 font-medium text-xs ${TONES[tone]}`}
    >
      {icon && <Icon name={icon} size={12} />}
      {children}
    </span>
  );
}
