import type { IncidentEvent, IncidentSeverity, IncidentStatus } from "@/shared/api/types";

const STATUS: Record<IncidentStatus, number> = { open: 0, acknowledged: 1, resolved: 2 };
const SEVERITY: Record<IncidentSeverity, number> = { critical: 0, warning: 1, info: 2 };

/** What needs a person first: open, then acknowledged, the worst and newest first; then resolved, latest first. */
export function byUrgency(a: IncidentEvent, b: IncidentEvent): number {
  if (a.status !== b.status) return STATUS[a.status] - STATUS[b.status];
  if (a.status === "resolved") return (b.resolvedAt ?? b.updatedAt) - (a.resolvedAt ?? a.updatedAt);
  return SEVERITY[a.severity] - SEVERITY[b.severity] || b.startedAt - a.startedAt || a.id.localeCompare(b.id);
}

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
