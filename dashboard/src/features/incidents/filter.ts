import type { IncidentEvent } from "@/shared/api/types";

export const STATUS_FILTERS = ["open", "acknowledged", "resolved", "all"] as const;
export type StatusFilter = (typeof STATUS_FILTERS)[number];
export const MUTED_FILTERS = ["show", "hide", "only"] as const;
export type MutedFilter = (typeof MUTED_FILTERS)[number];

/** What the list shows, kept in the address. */
export interface IncidentFilter {
  status: StatusFilter;
  /** A kind, or `predicted` for all that was said before it happened; "" = every. */
  kind: string;
  mine: boolean;
  muted: MutedFilter;
}

export const NO_FILTER: IncidentFilter = { status: "all", kind: "", mine: false, muted: "show" };

/** Stands beside the kinds: a prediction may be part of an incident of any kind. */
export const PREDICTED = "predicted";

export function parseFilter(search: string): IncidentFilter {
  const params = new URLSearchParams(search);
  const status = params.get("status") as StatusFilter;
  const muted = params.get("muted") as MutedFilter;
  return {
    status: STATUS_FILTERS.includes(status) ? status : NO_FILTER.status,
    kind: params.get("kind") ?? "",
    mine: params.get("mine") === "1",
    muted: MUTED_FILTERS.includes(muted) ? muted : NO_FILTER.muted,
  };
}

export function filterHref(filter: IncidentFilter): string {
  const params = new URLSearchParams();
  if (filter.status !== NO_FILTER.status) params.set("status", filter.status);
  if (filter.kind) params.set("kind", filter.kind);
  if (filter.mine) params.set("mine", "1");
  if (filter.muted !== NO_FILTER.muted) params.set("muted", filter.muted);
  const text = params.toString();
  return text ? `/incidents?${text}` : "/incidents";
}

/** What the filter leaves, status apart: how many there are of each status is counted on this. */
export const filterBesideStatus = (
  incidents: readonly IncidentEvent[],
  { kind, mine, muted }: IncidentFilter,
  me: string,
): IncidentEvent[] =>
  incidents.filter(
    (incident) =>
      (kind === "" || (kind === PREDICTED ? incident.prediction != null : incident.kind === kind)) &&
      (!mine || isMine(incident, me)) &&
      (muted === "show" || (muted === "only") === Boolean(incident.mutedBy)),
  );

export const hasStatus = (incident: IncidentEvent, status: StatusFilter): boolean =>
  status === "all" || incident.status === status;

/** Names are typed by hand on several devices: capitals do not tell people apart. */
const isMine = (incident: IncidentEvent, me: string): boolean =>
  me.trim() !== "" && incident.assignee?.trim().toLowerCase() === me.trim().toLowerCase();
