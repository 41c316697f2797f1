import type { IncidentEvent, TimelineEntry, TimelineKind } from "@/shared/api/types";
import { duration } from "@/shared/lib/format";
import { plural } from "@/shared/lib/incidents";
import type { IconName } from "@/shared/ui/icon";

/** A line of the story. */
export interface Step {
  at: number;
  what: string;
  icon: IconName;
  /** A person did it; none = Forewarn. */
  who?: string | undefined;
  /** In words, a line each, as they were noted: names are not capitalised. */
  details: string[];
}

const LOOKS: Record<TimelineKind, { what: string; icon: IconName }> = {
  opened: { what: "Opened", icon: "bell" },
  worsened: { what: "Became worse", icon: "critical" },
  joined: { what: "Joined", icon: "layers" },
  predicted: { what: "Predicted", icon: "hourglass" },
  confirmed: { what: "Prediction confirmed", icon: "target" },
  averted: { what: "Prediction averted", icon: "shield" },
  expired: { what: "Prediction expired", icon: "wrong" },
  notified: { what: "Told", icon: "bell" },
  "not-delivered": { what: "Not delivered", icon: "alert" },
  escalated: { what: "Escalated", icon: "alert" },
  acknowledged: { what: "Acknowledged", icon: "check" },
  assigned: { what: "Assigned", icon: "user" },
  commented: { what: "Comment", icon: "chat" },
  muted: { what: "Muted", icon: "muted" },
  changed: { what: "Something was changed", icon: "flow" },
  resolved: { what: "Resolved", icon: "check" },
  reopened: { what: "Came back", icon: "repeat" },
};

/** Many of them in a row say one thing. */
const FOLDED: ReadonlySet<TimelineKind> = new Set(["joined", "notified"]);

/** The story of an incident, in order. What the platform noted is told as noted; what it did not note follows from the times. */
export function timeline(incident: IncidentEvent): Step[] {
  const began: Step = {
    at: incident.startedAt,
    what: "Began to show",
    icon: "pulse",
    details: ["First tick that belongs to it"],
  };
  const noted = new Set(incident.timeline.map((entry) => entry.what));
  const entries = [...incident.timeline, ...implied(incident).filter((entry) => !noted.has(entry.what))];
  // Sorting is stable: what happened in the same millisecond stays as it was noted.
  const ordered = entries.sort((a, b) => a.at - b.at);
  const steps = fold(ordered).map((run) => stepOf(run, incident));
  return [began, ...steps].sort((a, b) => a.at - b.at);
}

/** What must have happened, by the times of the incident itself. */
function implied(incident: IncidentEvent): TimelineEntry[] {
  const entries: TimelineEntry[] = [{ at: incident.openedAt, what: "opened", text: "" }];
  if (incident.acknowledgedAt)
    entries.push({ at: incident.acknowledgedAt, what: "acknowledged", text: "Someone is on it" });
  if (incident.resolvedAt) entries.push({ at: incident.resolvedAt, what: "resolved", text: "" });
  return entries;
}

/** Neighbours of one sort together. */
function fold(entries: readonly TimelineEntry[]): TimelineEntry[][] {
  const runs: TimelineEntry[][] = [];
  for (const entry of entries) {
    const run = runs.at(-1);
    if (run?.[0]?.what === entry.what && FOLDED.has(entry.what)) run.push(entry);
    else runs.push([entry]);
  }
  return runs;
}

function stepOf(run: readonly TimelineEntry[], incident: IncidentEvent): Step {
  const [first] = run as [TimelineEntry];
  // A kind that a newer platform tells of is shown by its name.
  const { what, icon } = LOOKS[first.what] ?? { what: first.what, icon: "dot" };
  const told = run.map((entry) => entry.text).filter((text) => text !== "" && text !== incident.summary);
  if (first.what === "opened") told.push(...latency(incident));
  if (first.what === "resolved") told.push(`Lasted ${duration(first.at - incident.startedAt)}`);
  return {
    at: first.at,
    what: first.what === "joined" && run.length > 1 ? plural(run.length, "symptom joined", "symptoms joined") : what,
    icon,
    who: first.who ?? undefined,
    details: [...new Set(told)],
  };
}

function latency({ stamps }: IncidentEvent): string[] {
  if (!stamps || stamps.received <= 0 || stamps.notified <= 0) return [];
  return [`Notified ${short(stamps.notified - stamps.received)} after the deciding sample came in`];
}

const short = (ms: number): string => (ms < 1000 ? `${Math.max(0, Math.round(ms))} ms` : duration(ms));
