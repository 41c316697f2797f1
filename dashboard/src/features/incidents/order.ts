import type { IncidentEvent } from "@/shared/api/types";
import { byUrgency } from "@/shared/lib/incidents";

/** The two halves of the list. */
export function splitIncidents(incidents: readonly IncidentEvent[]): {
  active: IncidentEvent[];
  resolved: IncidentEvent[];
} {
  const sorted = [...incidents].sort(byUrgency);
  return {
    active: sorted.filter((incident) => incident.status !== "resolved"),
    resolved: sorted.filter((incident) => incident.status === "resolved"),
  };
}
