import type { IncidentEvent } from "@/shared/api/types";
import { duration } from "@/shared/lib/format";

export interface Step {
  at: number;
  what: string;
  detail: string;
}

/** What happened when, in order. Steps that did not happen are not there. */
export function timeline(incident: IncidentEvent): Step[] {
  const steps: Step[] = [{ at: incident.startedAt, what: "Began to show", detail: "First tick that belongs to it" }];
  const { stamps } = incident;
  if (stamps && stamps.received > 0) {
    const loop =
      stamps.notified > 0
        ? `notified ${duration0(stamps.notified - stamps.received)} after the deciding sample came in`
        : "";
    steps.push({ at: incident.openedAt, what: "Opened", detail: loop });
  } else steps.push({ at: incident.openedAt, what: "Opened", detail: "" });
  if (incident.acknowledgedAt)
    steps.push({ at: incident.acknowledgedAt, what: "Acknowledged", detail: "Someone is on it" });
  if (incident.resolvedAt)
    steps.push({
      at: incident.resolvedAt,
      what: "Resolved",
      detail: `Normal again after ${duration(incident.resolvedAt - incident.startedAt)}`,
    });
  return steps.sort((a, b) => a.at - b.at);
}

const duration0 = (ms: number): string => (ms < 1000 ? `${Math.max(0, Math.round(ms))} ms` : duration(ms));
