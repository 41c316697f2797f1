import type { IncidentEvent, IncidentSeverity, Maturity } from "@/shared/api/types";
import { Badge, type Tone } from "./badge";
import type { IconName } from "./icon";

const SEVERITY: Record<IncidentSeverity, { tone: Tone; icon: IconName; word: string }> = {
  critical: { tone: "alarm", icon: "critical", word: "Critical" },
  warning: { tone: "warn", icon: "alert", word: "Warning" },
  info: { tone: "info", icon: "info", word: "Info" },
};

export function SeverityBadge({ severity }: { severity: IncidentSeverity }) {
  const { tone, icon, word } = SEVERITY[severity] ?? SEVERITY.info;
  return (
    <Badge tone={tone} icon={icon}>
      {word}
    </Badge>
  );
}

export function IncidentStatusBadge({ incident }: { incident: IncidentEvent }) {
  if (incident.status === "resolved")
    return (
      <Badge tone="good" icon="check">
        Resolved
      </Badge>
    );
  return incident.status === "acknowledged" ? (
    <Badge tone="info" icon="check">
      Acknowledged
    </Badge>
  ) : (
    <Badge tone="alarm" icon="dot">
      Open
    </Badge>
  );
}

const MATURITY: Record<Maturity, { tone: Tone; word: string; why: string }> = {
  cold: { tone: "warn", word: "Cold", why: "Only fixed limits and silence notify until there is enough history." },
  warming: { tone: "info", word: "Warming", why: "Verdicts still lean on what is normal elsewhere." },
  warm: { tone: "good", word: "Warm", why: "Verdicts rest on this entity's own history." },
};

export function MaturityBadge({ maturity }: { maturity: Maturity }) {
  const { tone, word, why } = MATURITY[maturity];
  return (
    <span title={why}>
      <Badge tone={tone} icon={maturity === "warm" ? "check" : "clock"}>
        {word}
      </Badge>
    </span>
  );
}
