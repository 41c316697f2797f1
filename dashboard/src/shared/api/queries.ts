import { keepPreviousData, type QueryClient, queryOptions } from "@tanstack/react-query";
import { get } from "./client";
import type {
  EntityInfo,
  Exclusion,
  FeedbackEvent,
  FeedbackPreview,
  IncidentEvent,
  JobEvent,
  ModelDrift,
  ModelInfo,
  Page,
  PlatformStatus,
  SeriesInfo,
} from "./types";

/** Follows `next` until the list is complete; bounded, because a cursor that never ends is a fault of the server. */
export async function getAll<T>(path: string, params: Record<string, string>, signal?: AbortSignal): Promise<T[]> {
  const items: T[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < 50; page++) {
    const result = await get<Page<T>>(path, { ...params, cursor }, signal);
    items.push(...result.items);
    if (!result.next) break;
    cursor = result.next;
  }
  return items;
}

export const statusQuery = queryOptions({
  queryKey: ["status"],
  queryFn: ({ signal }) => get<PlatformStatus>("/api/status", {}, signal),
  refetchInterval: 10_000,
});

export const entitiesQuery = queryOptions({
  queryKey: ["entities"],
  queryFn: ({ signal }) => getAll<EntityInfo>("/api/entities", {}, signal),
  refetchInterval: 10_000,
});

export const seriesQuery = (entity: string) =>
  queryOptions({
    queryKey: ["series", entity],
    queryFn: ({ signal }) => getAll<SeriesInfo>("/api/series", { entity }, signal),
    enabled: entity !== "",
    staleTime: 60_000,
  });

export const incidentsQuery = queryOptions({
  queryKey: ["incidents"],
  queryFn: async ({ signal }) =>
    (await get<Page<IncidentEvent>>("/api/incidents", { limit: 100 }, signal)).items.map(completed),
  refetchInterval: 30_000,
});

export const incidentQuery = (id: string) =>
  queryOptions({
    queryKey: ["incident", id],
    queryFn: async ({ signal }) =>
      completed(await get<IncidentEvent>(`/api/incidents/${encodeURIComponent(id)}`, {}, signal)),
  });

/** The last word about an incident; null when nobody has said anything. */
export const feedbackQuery = (incident: string) =>
  queryOptions({
    queryKey: ["feedback", incident],
    queryFn: async ({ signal }) =>
      (await get<Page<FeedbackEvent>>("/api/feedback", { incident, limit: 1 }, signal)).items[0] ?? null,
  });

export const modelsQuery = queryOptions({
  queryKey: ["models"],
  queryFn: async ({ signal }) => (await get<Page<ModelInfo>>("/api/models", {}, signal)).items,
  refetchInterval: 30_000,
});

/** Of the champion; under the key of models, so that it is asked for again when another one decides. */
export const driftQuery = queryOptions({
  queryKey: [...modelsQuery.queryKey, "drift"],
  queryFn: ({ signal }) => get<ModelDrift>("/api/models/drift", {}, signal),
  refetchInterval: 60_000,
});

/** The newest preview of what feedback would change. Asked for only when its job is known: else a browser logs a 404. */
export const previewQuery = (job: string | undefined) =>
  queryOptions({
    queryKey: ["preview", job],
    queryFn: ({ signal }) => get<FeedbackPreview>("/api/feedback/preview", {}, signal),
    enabled: job !== undefined,
    placeholderData: keepPreviousData,
    staleTime: Number.POSITIVE_INFINITY,
  });

export const exclusionsQuery = queryOptions({
  queryKey: ["exclusions"],
  queryFn: async ({ signal }) => (await get<Page<Exclusion>>("/api/training/exclusions", {}, signal)).items,
  refetchInterval: 60_000,
});

export const jobsQuery = queryOptions({
  queryKey: ["jobs"],
  queryFn: async ({ signal }) => (await get<Page<JobEvent>>("/api/jobs", {}, signal)).items,
  refetchInterval: 30_000,
});

export const jobQuery = (id: string | undefined) =>
  queryOptions({
    queryKey: ["job", id],
    queryFn: ({ signal }) => get<JobEvent>(`/api/jobs/${encodeURIComponent(id ?? "")}`, {}, signal),
    enabled: id !== undefined,
    refetchInterval: (query) => (query.state.data?.status === "running" ? 2_000 : false),
  });

/** Incidents that were stored before they had symptoms, a story and deliveries lack them: they read as none. */
export const completed = (event: IncidentEvent): IncidentEvent => ({
  ...event,
  entities: event.entities?.length ? event.entities : [event.entity],
  labels: event.labels ?? {},
  links: event.links ?? {},
  symptoms: event.symptoms ?? [],
  symptomCount: event.symptomCount ?? 0,
  storm: event.storm ?? false,
  reopened: event.reopened ?? 0,
  flapping: event.flapping ?? false,
  timeline: event.timeline ?? [],
  deliveries: event.deliveries ?? [],
});

/** Folds an incident event into the lists; an event that is not newer than what is known changes nothing. */
export function applyIncident(client: QueryClient, told: IncidentEvent): void {
  const event = completed(told);
  client.setQueryData<IncidentEvent[]>(incidentsQuery.queryKey, (known) => known && mergeIncident(known, event));
  client.setQueryData<IncidentEvent>(incidentQuery(event.id).queryKey, (known) =>
    known && known.revision < event.revision ? event : known,
  );
}

export function mergeIncident(known: IncidentEvent[], event: IncidentEvent): IncidentEvent[] {
  const index = known.findIndex((incident) => incident.id === event.id);
  if (index < 0) return [event, ...known];
  const before = known[index];
  if (before && before.revision >= event.revision) return known;
  return known.with(index, event);
}

/** Folds a job event in; progress never goes back when events overtake a poll. */
export function applyJob(client: QueryClient, event: JobEvent): void {
  client.setQueryData<JobEvent>(jobQuery(event.id).queryKey, (known) => (known && known.at > event.at ? known : event));
  client.setQueryData<JobEvent[]>(jobsQuery.queryKey, (known) => known && mergeJob(known, event));
}

export function mergeJob(known: JobEvent[], event: JobEvent): JobEvent[] {
  const index = known.findIndex((job) => job.id === event.id);
  if (index < 0) return [event, ...known];
  return (known[index]?.at ?? 0) > event.at ? known : known.with(index, event);
}
