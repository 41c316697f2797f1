import type { QueryClient } from "@tanstack/react-query";
import { apiPath } from "@/shared/api/client";
import { applyIncident, applyJob, modelsQuery, statusQuery } from "@/shared/api/queries";
import type { IncidentEvent, JobEvent, OutlookEvent, PlatformStatus, SchemaEvent, TickEvent } from "@/shared/api/types";
import { serverClock } from "@/shared/lib/time";
import type { EntityStore } from "./entity-store";
import { type SourceOptions, StreamSource, type StreamState } from "./source";

const EVENTS = ["schema", "tick", "outlook", "incident", "status", "model", "job"] as const;

/** The tab's one connection: points go to the watched entity's store, everything else into the query cache. */
export class StreamHub {
  readonly #client: QueryClient;
  readonly #source: StreamSource;
  readonly #listeners = new Set<() => void>();
  readonly schemas = new Map<string, SchemaEvent>();
  #state: StreamState = "connecting";
  #opened = 0;
  #store: EntityStore | null = null;
  /** Event time of the newest live tick of the watched entity, unix milliseconds of the platform. */
  lastTick = Number.NaN;
  /** How old that tick was when it arrived. */
  lagMs = 0;
  /** Event time between that tick and the one before it, NaN until there were two. */
  stepMs = Number.NaN;

  constructor(client: QueryClient, create?: SourceOptions["create"]) {
    this.#client = client;
    this.#source = new StreamSource({
      events: EVENTS,
      create,
      onEvent: (type, data) => this.#dispatch(type as (typeof EVENTS)[number], data),
      onState: (state) => this.#setState(state),
    });
  }

  get state(): StreamState {
    return this.#state;
  }

  /** Counts connections made; a reader that sees it grow has missed something and reloads. */
  get opened(): number {
    return this.#opened;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Streams platform events, and one entity's ticks when an entity is named. */
  connect(entity: string): void {
    this.lastTick = Number.NaN;
    this.stepMs = Number.NaN;
    this.#source.open(apiPath("/api/stream", { entity }));
  }

  close(): void {
    this.#source.close();
  }

  /** The store that ticks are written to from now on. */
  attach(store: EntityStore): () => void {
    this.#store = store;
    return () => {
      if (this.#store === store) this.#store = null;
    };
  }

  #dispatch(type: (typeof EVENTS)[number], data: unknown): void {
    switch (type) {
      case "schema":
        this.schemas.set((data as SchemaEvent).hash, data as SchemaEvent);
        break;
      case "tick":
        this.#tick(data as TickEvent);
        break;
      case "outlook":
        this.#store?.applyOutlook(data as OutlookEvent);
        break;
      case "incident":
        applyIncident(this.#client, data as IncidentEvent);
        break;
      case "status":
        serverClock.observe((data as PlatformStatus).at);
        this.#client.setQueryData(statusQuery.queryKey, data as PlatformStatus);
        break;
      case "model":
        void this.#client.invalidateQueries({ queryKey: modelsQuery.queryKey });
        break;
      case "job":
        applyJob(this.#client, data as JobEvent);
        break;
    }
  }

  #tick(event: TickEvent): void {
    if (event.cadenceMs === 1000 && !(event.t <= this.lastTick)) {
      this.stepMs = event.t - this.lastTick;
      this.lastTick = event.t;
      this.lagMs = Math.max(0, serverClock.now() - event.t);
    }
    this.#store?.applyTick(event);
  }

  #setState(state: StreamState): void {
    if (state === "open") this.#opened++;
    if (state === "open" && this.#opened > 1) void this.#client.invalidateQueries();
    this.#state = state;
    for (const listener of this.#listeners) listener();
  }
}
