// The gateway's JSON, as services/shared/contracts writes it: camelCase, enums kebab-case, NaN as null,
// times as unix milliseconds.

import type { Forecast } from "./incident-types";

export type * from "./incident-types";

export interface Page<T> {
  items: T[];
  next?: string | null;
}

export type Labels = Readonly<Record<string, string>>;

export interface EntityInfo {
  entity: string;
  series: number;
  firstSeen: number;
  lastSeen: number;
}

/** One series of an entity: what the schema event and `/api/series` have in common. */
export interface SeriesMeta {
  id: string;
  name: string;
  unit: string;
  labels: Labels;
  limit?: number | null;
}

export interface SeriesInfo extends SeriesMeta {
  entity: string;
  lastSeen: number;
}

export type Numbers = (number | null)[];

export interface RangeResult {
  entity: string;
  stepMs: number;
  t: number[];
  series: { id: string; name: string; unit: string; labels: Labels; mean: Numbers; min?: Numbers; max?: Numbers }[];
  scores?: { score: Numbers; p: Numbers; anomalous: boolean[] } | null;
}

export type FeedbackKind = "useful" | "false-alarm" | "missed";

/** What somebody said of an incident, or of a time without one. The latest word of an incident holds. */
export interface FeedbackEvent {
  id: string;
  kind: FeedbackKind;
  entity: string;
  incident?: string | null;
  from: number;
  to?: number | null;
  who?: string | null;
  note?: string | null;
  at: number;
}

export interface ModelInfo {
  version: string;
  state: "candidate" | "challenger" | "champion" | "retired";
  kind: string;
  group: string;
  featureSpec: string;
  rowSpec: string;
  sha256: string;
  sizeBytes: number;
  createdAt: number;
  trainedOn: string;
  rows: number;
  parent?: string | null;
  /** Why it is in its state, a sentence. */
  reason?: string | null;
  championAt?: number | null;
  /** The champion whose place it took: where a rollback leads. */
  replaced?: string | null;
  /** When it was last rolled back by itself: it becomes champion again only by hand. */
  rolledBackAt?: number | null;
  comparison?: ModelComparison | null;
}

/** A challenger beside the champion on the same ticks. */
export interface ModelComparison {
  against: string;
  since: number;
  ticks: number;
  championOpenings: number;
  challengerOpenings: number;
  falseAlarmsPerWeek?: number | null;
  agreement?: number | null;
  at?: number | null;
  /** Both on what people labelled; none until it was replayed. */
  replay?: IncidentReplay | null;
}

/** A challenger beside the champion on times that people labelled, replayed from history. */
export interface IncidentReplay {
  at: number;
  /** Called useful, or missed. */
  incidents: number;
  championFound: number;
  challengerFound: number;
  falseAlarms: number;
  championRepeated: number;
  challengerRepeated: number;
  /** Left out: history no longer holds them, or there was no time. */
  unread: number;
  spans: ReplayedSpan[];
}

/** When each model would have told of a labelled time: seconds after `from`, none = not at all. */
export interface ReplayedSpan {
  id: string;
  kind: FeedbackKind;
  entity: string;
  from: number;
  to: number;
  championAfterSeconds?: number | null;
  challengerAfterSeconds?: number | null;
}

/** How far live measurements have moved from what the champion learned. */
export interface ModelDrift {
  model?: string | null;
  summary: string;
  moved: boolean;
  bound: number;
  hours: number;
  hoursNeeded: number;
  ticks: number;
  ticksNeeded: number;
  score?: number | null;
  /** Farthest first. */
  features: { name: string; psi: number }[];
  watch?: ModelWatch | null;
}

/** A champion in the first time after its promotion. */
export interface ModelWatch {
  until: number;
  before: string;
  /** Entity-hours. */
  hours: number;
  alarms: number;
  allowed: number;
  summary: string;
}

/** What a model that learned the feedback would have done, beside the champion. */
export interface FeedbackPreview {
  job: string;
  at: number;
  champion: string;
  falseAlarms: number;
  useful: number;
  missed: number;
  entities: PreviewedEntity[];
  entitiesLeftOut: number;
  labels: IncidentReplay;
}

export interface PreviewedEntity {
  entity: string;
  from: number;
  to: number;
  ticks: number;
  before: number;
  after: number;
}

export type ExclusionKind = "maintenance" | "flagged";

/** A time that no training learns from; without an entity it holds for every one. */
export interface Exclusion {
  id: string;
  entity?: string | null;
  from: number;
  to: number;
  kind: ExclusionKind;
  reason?: string | null;
  who?: string | null;
  at: number;
}

export interface JobEvent {
  id: string;
  kind: string;
  trigger?: "request" | "start" | "schedule" | "drift" | "feedback" | "group";
  status: "running" | "succeeded" | "failed";
  progress: number;
  message: string;
  at: number;
  model?: string | null;
}

export interface LatencyMs {
  p50: number | null;
  p99: number | null;
  count: number;
}

export interface ServiceStatus {
  name: string;
  health: string;
  detail?: string | null;
}

export interface PlatformStatus {
  services: ServiceStatus[];
  samplesPerSecond: number;
  entities: number;
  loopLatencyMs: LatencyMs;
  alertLatencyMs: LatencyMs;
  model?: string | null;
  /** Where history stores and why there; null while it does not answer. */
  storage?: string | null;
  openIncidents: number;
  at: number;
}

export type Maturity = "cold" | "warming" | "warm";

/** A column of numbers: a JSON array, or base64 of little-endian float32 as inside the platform. */
export type Vector = Numbers | string;

export interface TickEvent {
  entity: string;
  cadenceMs: number;
  t: number;
  score: number | null;
  p: number | null;
  extrapolated?: boolean;
  anomalous: boolean;
  maturity: Maturity;
  model?: string | null;
  schema: string;
  values: Vector;
  z?: Vector | null;
}

export interface SchemaEvent {
  hash: string;
  columns: SeriesMeta[];
}

export interface OutlookEvent {
  entity: string;
  schema: string;
  lower: Vector;
  upper: Vector;
  forecasts: Forecast[];
}
