// An incident as the gateway tells of it; services/shared/contracts/Incidents is the original.

type Labels = Readonly<Record<string, string>>;

export type IncidentStatus = "open" | "acknowledged" | "resolved";
export type IncidentSeverity = "info" | "warning" | "critical";

export interface Contributor {
  series: string;
  name: string;
  unit: string;
  labels: Labels;
  value: number | null;
  expected: number | null;
  low: number | null;
  high: number | null;
  z: number | null;
  /** Place among the entity's metrics by distance from the usual, 1 the farthest. */
  zRank?: number | null;
  /** Place by how strange the joint model finds each beside the others. */
  energyRank?: number | null;
  /** Share of what makes the forest find the tick strange, 0 to 1. */
  importance?: number | null;
  importanceRank?: number | null;
}

export interface Forecast {
  series: string;
  limit: number;
  p5m: number;
  p15m: number;
  p60m: number;
  medianSeconds: number | null;
  lowSeconds: number | null;
  highSeconds: number | null;
}

export interface Stamps {
  received: number;
  featured: number;
  scored: number;
  detected: number;
  notified: number;
}

/** Something else that was told within the same time and has the same probable cause. */
export interface Symptom {
  entity: string;
  cause: string;
  kind: string;
  summary: string;
  /** Event time at which it began to show. */
  since: number;
  lastT: number;
  /** Why it belongs here. */
  why: string;
}

export type TimelineKind =
  | "opened"
  | "worsened"
  | "joined"
  | "predicted"
  | "confirmed"
  | "averted"
  | "expired"
  | "notified"
  | "not-delivered"
  | "escalated"
  | "acknowledged"
  | "assigned"
  | "commented"
  | "muted"
  | "changed"
  | "resolved"
  | "reopened";

export interface TimelineEntry {
  at: number;
  what: TimelineKind;
  /** None = Forewarn itself. */
  who?: string | null;
  text: string;
}

export type PredictionOutcome = "pending" | "confirmed" | "averted" | "expired";

/** Said before it happened: a limit, when, how sure; and what became of it. */
export interface BreachPrediction {
  series: string;
  name: string;
  unit: string;
  limit: number;
  saidAt: number;
  /** Median, and the ends of the 80 % interval, as first said. */
  predictedAt: number;
  earliestAt: number;
  latestAt: number;
  /** Of the limit within the hour, 0 to 1. */
  probability: number;
  outcome: PredictionOutcome;
  outcomeAt?: number | null;
  avertedBy?: string | null;
}

export type DeliveryStatus = "sent" | "retrying" | "failed";

/** How the newest notification to one receiver by one channel fares. */
export interface DeliveryState {
  receiver: string;
  channel: string;
  /** The same for every attempt, and visible in the message itself. */
  notification: string;
  status: DeliveryStatus;
  attempts: number;
  at: number;
  error?: string | null;
}

export interface IncidentEvent {
  id: string;
  revision: number;
  fingerprint: string;
  /** Where it was first told of. */
  entity: string;
  /** All it concerns, the first mover first; a long list is cut. */
  entities: string[];
  labels: Labels;
  /** Where the sender of an external alert says more, by name. */
  links: Labels;
  kind: string;
  status: IncidentStatus;
  severity: IncidentSeverity;
  summary: string;
  startedAt: number;
  openedAt: number;
  updatedAt: number;
  acknowledgedAt?: number | null;
  resolvedAt?: number | null;
  count: number;
  p?: number | null;
  score: number | null;
  contributors: Contributor[];
  forecast?: Forecast | null;
  probableCause?: string | null;
  /** In the order of their beginning; a long list is cut, `symptomCount` counts all. */
  symptoms: Symptom[];
  symptomCount: number;
  storm: boolean;
  reopened: number;
  flapping: boolean;
  prediction?: BreachPrediction | null;
  assignee?: string | null;
  /** Id of the silence that keeps it from being told. */
  mutedBy?: string | null;
  timeline: TimelineEntry[];
  deliveries: DeliveryState[];
  model?: string | null;
  stamps?: Stamps;
}
