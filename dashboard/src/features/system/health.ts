import type { ServiceStatus } from "@/shared/api/types";
import type { Tone } from "@/shared/ui/badge";
import type { IconName } from "@/shared/ui/icon";

export interface HealthLook {
  tone: Tone;
  icon: IconName;
  word: string;
}

/** Colour, shape and word of a service's state; a service nobody reports on is unknown, not healthy. */
export function healthLook(service: ServiceStatus | undefined): HealthLook {
  switch (service?.health) {
    case "healthy":
      return { tone: "good", icon: "check", word: "Healthy" };
    case "degraded":
      return { tone: "warn", icon: "alert", word: "Degraded" };
    case "down":
      return { tone: "alarm", icon: "critical", word: "Down" };
    default:
      return { tone: "neutral", icon: "clock", word: "Unknown" };
  }
}
