import type { BreachPrediction, IncidentEvent, PredictionOutcome } from "@/shared/api/types";
import { countdown } from "@/shared/lib/incidents";
import { Badge, type Tone } from "./badge";
import type { IconName } from "./icon";

export const OUTCOMES: Record<PredictionOutcome, { tone: Tone; icon: IconName; word: string; meaning: string }> = {
  pending: { tone: "accent", icon: "hourglass", word: "Predicted", meaning: "The time has not come." },
  confirmed: { tone: "alarm", icon: "target", word: "Confirmed", meaning: "The limit was hit, as was said." },
  averted: { tone: "good", icon: "shield", word: "Averted", meaning: "Somebody or something stepped in before." },
  expired: {
    tone: "warn",
    icon: "wrong",
    word: "Expired",
    meaning: "It was not hit and nobody stepped in: it was wrong.",
  },
};

/** What became of a prediction; while it is open, the time that is left. */
export function PredictionBadge({ prediction, now }: { prediction: BreachPrediction; now?: number }) {
  const { tone, icon, word, meaning } = OUTCOMES[prediction.outcome] ?? OUTCOMES.pending;
  const left =
    prediction.outcome === "pending" && now !== undefined ? ` ${countdown(prediction.predictedAt, now)}` : "";
  return (
    <Badge tone={tone} icon={icon} title={meaning}>
      {word}
      {left}
    </Badge>
  );
}

/** Everything about an incident that changes how a person takes it, besides severity and status. */
export function IncidentMarks({ incident, now }: { incident: IncidentEvent; now: number }) {
  return (
    <>
      {incident.storm && (
        <Badge tone="alarm" icon="storm" title="So much came at once that it is told as one.">
          Storm
        </Badge>
      )}
      {incident.prediction && <PredictionBadge prediction={incident.prediction} now={now} />}
      {incident.mutedBy && (
        <Badge icon="muted" title="A silence or maintenance window keeps it from being told.">
          Muted
        </Badge>
      )}
      {incident.flapping && (
        <Badge tone="warn" icon="repeat" title="It comes and goes: its end is waited for longer.">
          Flapping
        </Badge>
      )}
      {incident.reopened > 0 && !incident.flapping && (
        <Badge icon="repeat">{incident.reopened === 1 ? "Came back" : `Came back ${incident.reopened}×`}</Badge>
      )}
      {incident.assignee && (
        <Badge tone="info" icon="user" title="Looks after it">
          {incident.assignee}
        </Badge>
      )}
    </>
  );
}
