// Silences, budgets and the lead-time ledger; services/shared/contracts/Alerts is the original.

import type { BreachPrediction, IncidentSeverity } from "./incident-types";

/** Which incidents are meant. What is absent matches all; what is there must hold together. */
export interface AlertMatch {
  /** Name or pattern in which * stands for any characters. */
  entity?: string | null;
  labels?: Readonly<Record<string, string>>;
  severity?: readonly IncidentSeverity[];
  kind?: readonly string[];
}

/** Maintenance is left out of trainings, too. */
export type SilenceKind = "silence" | "maintenance";

/** What a person sends. */
export interface SilenceRequest {
  kind: SilenceKind;
  match: AlertMatch;
  from?: number;
  /** Exclusive. */
  to: number;
  reason: string;
  who: string;
}

export interface Silence extends SilenceRequest {
  id: string;
  from: number;
  at: number;
}

/** What a silence would have kept quiet in the past. */
export interface SilencePreview {
  from: number;
  incidents: number;
  muted: number;
  examples: { id: string; entity: string; severity: IncidentSeverity; summary: string; openedAt: number }[];
}

/** Notifications about normal behaviour that somebody accepts, and how that is used over the last seven days. */
export interface BudgetInfo {
  name: string;
  perWeek: number;
  match: AlertMatch;
  entities: number;
  perEntity: number;
  told: number;
  falseAlarms: number;
  useful: number;
}

/** A prediction that was told, and what became of it. */
export interface LeadTime {
  incident: string;
  entity: string;
  prediction: BreachPrediction;
  /** Only of confirmed ones. */
  leadSeconds?: number | null;
}

export interface LeadTimeSummary {
  from: number;
  to: number;
  pending: number;
  confirmed: number;
  averted: number;
  expired: number;
  /** Confirmed and averted of all that are settled. */
  precision?: number | null;
  secondsEarned: number;
  medianLeadSeconds?: number | null;
  /** Share of confirmed ones whose limit was hit within the 80 % interval. */
  withinInterval?: number | null;
  calibration: CalibrationBin[];
}

/** What was said beside what happened, of predictions whose probability was said to lie in a range. */
export interface CalibrationBin {
  low: number;
  high: number;
  count: number;
  said: number;
  happened: number;
}

/** Who is told of what, as the file says it. */
export interface AlertConfig {
  /** None = all goes to the console. */
  file?: string | null;
  loadedAt: number;
  /** Why the file as it is now is not what holds. */
  mistakes: string[];
  /** What holds but cannot work. */
  warnings: string[];
  receivers: { name: string; channels: string[] }[];
  /** In the order in which they are looked at. */
  routes: AlertRoute[];
}

export interface AlertRoute {
  name: string;
  match: AlertMatch;
  /** In words; none = always. */
  hours?: string | null;
  receivers: string[];
  /** The routes after it are looked at, too. */
  continue?: boolean;
  escalation: { afterSeconds: number; receivers: string[] }[];
  /** In words; none = no limit. */
  limit?: string | null;
}

/** Test notifications on their way. */
export interface AlertTest {
  incident: string;
  notifications: { receiver: string; notification: string; channels: string[] }[];
}
