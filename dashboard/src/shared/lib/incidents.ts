import type { IncidentEvent, IncidentSeverity, IncidentStatus } from "@/shared/api/types";
import { duration } from "./format";

const STATUS: Record<IncidentStatus, number> = { open: 0, acknowledged: 1, resolved: 2 };
const SEVERITY: Record<IncidentSeverity, number> = { critical: 0, warning: 1, info: 2 };

export const incidentHref = (id: string): string => `/incidents/${encodeURIComponent(id)}`;

/** What needs a person first: open, then acknowledged, storms, the worst and newest first, muted last; then resolved, latest first. */
export function byUrgency(a: IncidentEvent, b: IncidentEvent): number {
  if (a.status !== b.status && (a.status === "resolved" || b.status === "resolved"))
    return STATUS[a.status] - STATUS[b.status];
  if (a.status === "resolved") return (b.resolvedAt ?? b.updatedAt) - (a.resolvedAt ?? a.updatedAt);
  return (
    Number(Boolean(a.mutedBy)) - Number(Boolean(b.mutedBy)) ||
    STATUS[a.status] - STATUS[b.status] ||
    Number(b.storm) - Number(a.storm) ||
    SEVERITY[a.severity] - SEVERITY[b.severity] ||
    b.startedAt - a.startedAt ||
    a.id.localeCompare(b.id)
  );
}

/** Whether somebody who looks at this entity should know of it. */
export const concerns = (incident: IncidentEvent, entity: string): boolean =>
  incident.entity === entity ||
  incident.entities.includes(entity) ||
  incident.symptoms.some((symptom) => symptom.entity === entity);

/** How long until the moment that was predicted, or how long past it: what stands on the badge. */
export const countdown = (at: number, now: number): string =>
  at > now ? `in ${duration(at - now)}` : `due ${duration(now - at)} ago`;

/** How long it lasted, or lasts so far. */
export const lasted = (incident: IncidentEvent, now: number): string =>
  duration((incident.resolvedAt ?? now) - incident.startedAt);

export const plural = (count: number, one: string, many = `${one}s`): string =>
  `${count.toLocaleString("en-US")} ${count === 1 ? one : many}`;
