import { useSyncExternalStore } from "react";
import { duration } from "@/shared/lib/format";
import { useWatchedEntity } from "@/shared/lib/watched-entity";
import { hub } from "@/shared/stream/live";
import type { StreamState } from "@/shared/stream/source";
import { Badge, type Tone } from "@/shared/ui/badge";
import type { IconName } from "@/shared/ui/icon";
import { useNow } from "@/shared/ui/use-now";

const LATE_MS = 4000;

/** A tick leaves when the next one closes it: it is up to two steps old before its successor is here. */
const STEPS = 2.5;

export interface Connection {
  tone: Tone;
  icon: IconName;
  text: string;
}

/** What the badge says: whether we are connected, and how old the newest point is. */
export function describeConnection(
  state: StreamState,
  tick: { t: number; lagMs: number; stepMs: number },
  now: number,
  entity: string | undefined,
): Connection {
  if (state === "retrying") return { tone: "alarm", icon: "unplugged", text: "Reconnecting" };
  if (state === "connecting") return { tone: "neutral", icon: "clock", text: "Connecting" };
  if (!entity || Number.isNaN(tick.t)) return { tone: "good", icon: "dot", text: "Connected" };
  const age = Math.max(0, now - tick.t);
  // One tick does not tell whether its entity is slow or its data are late; a minute without a second one does.
  if (Number.isNaN(tick.stepMs) && age > LATE_MS && age <= 60_000)
    return { tone: "good", icon: "dot", text: "Connected" };
  if (age > Math.max(LATE_MS, STEPS * (tick.stepMs || 0)))
    return { tone: "warn", icon: "clock", text: `Data ${duration(age)} late` };
  return { tone: "good", icon: "dot", text: `Live · ${(tick.lagMs / 1000).toFixed(1)} s` };
}

/** Always in sight: connection and data lag. */
export function ConnectionBadge() {
  const state = useSyncExternalStore(hub.subscribe, () => hub.state);
  const entity = useWatchedEntity();
  const now = useNow(1000);
  const { tone, icon, text } = describeConnection(
    state,
    { t: hub.lastTick, lagMs: hub.lagMs, stepMs: hub.stepMs },
    now,
    entity,
  );
  return (
    <span title="Connection to the platform, and the age of the newest point" data-testid="connection">
      <Badge tone={tone} icon={icon}>
        {text}
      </Badge>
    </span>
  );
}
