import type {
  Forecast,
  Maturity,
  OutlookEvent,
  RangeResult,
  SchemaEvent,
  SeriesMeta,
  TickEvent,
} from "@/shared/api/types";
import { decodeVector } from "./decode";
import { SlotRing } from "./ring";
import { Strangeness } from "./strangeness";

export const SCORE = "#score";
export const RARITY = "#p";
export const ANOMALOUS = "#anomalous";

export interface Verdict {
  t: number;
  score: number;
  p: number | null;
  extrapolated: boolean;
  anomalous: boolean;
  maturity: Maturity;
  model: string;
}

export interface Band {
  lower: number;
  upper: number;
}

/** What React may know: replaced only when it changes, which is rare. Points are not in here. */
export interface Structure {
  status: "loading" | "ready" | "failed";
  error: string;
  series: readonly SeriesMeta[];
  strange: readonly string[];
  forecasts: ReadonlyMap<string, Forecast>;
  maturity: Maturity | null;
  anomalous: boolean;
  hasPoints: boolean;
}

export interface Window {
  stepMs: number;
  windowMs: number;
  /** End of a window that stands still; null = live. */
  until: number | null;
}

/** Everything one entity's page draws: rings of points, the newest verdict, bands. Knows no React and no network. */
export class EntityStore {
  readonly entity: string;
  readonly window: Window;
  verdict: Verdict | null = null;
  readonly bands = new Map<string, Band>();
  readonly #schemas: Map<string, SchemaEvent>;
  readonly #latest = new Map<string, { value: number; z: number }>();
  readonly #metas = new Map<string, SeriesMeta>();
  readonly #strangeness = new Strangeness();
  readonly #listeners = { structure: new Set<() => void>(), data: new Set<() => void>() };
  #ring: SlotRing;
  #structure: Structure = {
    status: "loading",
    error: "",
    series: [],
    strange: [],
    forecasts: new Map(),
    maturity: null,
    anomalous: false,
    hasPoints: false,
  };

  /** `schemas` outlives the store: a stream sends a schema once, not once per store. */
  constructor(entity: string, window: Window, schemas: Map<string, SchemaEvent> = new Map()) {
    this.entity = entity;
    this.window = window;
    this.#schemas = schemas;
    this.#ring = this.#newRing();
  }

  get ring(): SlotRing {
    return this.#ring;
  }

  get structure(): Structure {
    return this.#structure;
  }

  readonly onStructure = (listener: () => void): (() => void) => listen(this.#listeners.structure, listener);
  readonly onData = (listener: () => void): (() => void) => listen(this.#listeners.data, listener);

  latest(id: string): { value: number; z: number } | undefined {
    return this.#latest.get(id);
  }

  /** The window's edges; a live one ends at the newest tick, or at `now` when ticks have stopped. */
  span(now: number): { from: number; to: number } {
    const newest = this.verdict?.t ?? this.#ring.lastTime;
    const to = this.window.until ?? (now - newest < 3 * Math.max(1000, this.window.stepMs) ? newest : now);
    return { from: to - this.window.windowMs, to };
  }

  addSeries(series: readonly SeriesMeta[]): void {
    let changed = false;
    for (const meta of series) {
      const known = this.#metas.get(meta.id);
      if (known && (known.limit ?? null) === (meta.limit ?? null)) continue;
      this.#metas.set(meta.id, known ? { ...known, limit: meta.limit ?? known.limit } : meta);
      this.#ring.addColumn(meta.id);
      changed = true;
    }
    if (changed) this.#update({ series: [...this.#metas.values()] });
  }

  /** Makes history the past of what has streamed in meanwhile. Calling it again (after a lost connection) fills the hole. */
  load(parts: readonly RangeResult[]): void {
    const live = this.#ring;
    const ring = this.#newRing();
    for (const id of this.#metas.keys()) ring.addColumn(id);
    let end = Number.NEGATIVE_INFINITY;
    for (const part of parts) end = Math.max(end, part.t.at(-1) ?? end);
    // Parts share an axis but may differ by a late row: slots must exist in order before columns are written.
    const times = new Set(parts.flatMap((part) => part.t));
    for (const t of [...times].sort((a, b) => a - b)) ring.slot(t);
    for (const part of parts) writePart(ring, part);
    ring.appendFrom(
      live,
      Number.isFinite(end) ? Math.floor(end / ring.stepMs) * ring.stepMs : Number.NEGATIVE_INFINITY,
    );
    this.#ring = ring;
    this.#update({ status: "ready", error: "", hasPoints: ring.length > 0 });
    this.#changed();
  }

  fail(error: string): void {
    this.#update({ status: this.#ring.length > 0 ? "ready" : "failed", error });
  }

  applySchema(event: SchemaEvent): void {
    this.#schemas.set(event.hash, event);
  }

  applyTick(event: TickEvent): void {
    if (event.entity !== this.entity || this.window.until !== null) return;
    // A stream that resumes may repeat ticks, and a minute's mean repeats coarser what its ticks said: it lies before the
    // newest of them. Only where ticks are no faster than minutes do they come on that cadence, and nothing else does.
    if (this.verdict && event.t <= this.verdict.t) return;
    const columns = this.#schemas.get(event.schema)?.columns ?? [];
    this.addSeries(columns);
    const slot = this.#ring.slot(event.t);
    this.#ring.write(slot, SCORE, event.score ?? Number.NaN);
    this.#ring.write(slot, RARITY, event.p ?? Number.NaN);
    this.#ring.write(slot, ANOMALOUS, event.anomalous ? 1 : 0);
    const strangeChanged = this.#writeColumns(slot, columns, decodeVector(event.values), decodeVector(event.z));
    this.verdict = verdictOf(event);
    const { maturity, anomalous, hasPoints } = this.#structure;
    if (strangeChanged || maturity !== event.maturity || anomalous !== event.anomalous || !hasPoints)
      this.#update({
        strange: this.#strangeness.ids(),
        maturity: event.maturity,
        anomalous: event.anomalous,
        hasPoints: true,
      });
    this.#changed();
  }

  applyOutlook(event: OutlookEvent): void {
    const columns = this.#schemas.get(event.schema)?.columns;
    if (event.entity !== this.entity || !columns) return;
    const lower = decodeVector(event.lower);
    const upper = decodeVector(event.upper);
    columns.forEach((column, index) => {
      const band = { lower: lower[index] ?? Number.NaN, upper: upper[index] ?? Number.NaN };
      if (Number.isFinite(band.lower) && Number.isFinite(band.upper)) this.bands.set(column.id, band);
      else this.bands.delete(column.id);
    });
    this.#update({ forecasts: new Map(event.forecasts.map((forecast) => [forecast.series, forecast])) });
    this.#changed();
  }

  #writeColumns(
    slot: number,
    columns: readonly SeriesMeta[],
    values: ArrayLike<number>,
    z: ArrayLike<number>,
  ): boolean {
    let changed = false;
    columns.forEach((column, index) => {
      const value = values[index] ?? Number.NaN;
      if (Number.isNaN(value)) return;
      const deviation = z[index] ?? Number.NaN;
      this.#ring.write(slot, column.id, value);
      this.#latest.set(column.id, { value, z: deviation });
      changed = this.#strangeness.observe(column.id, deviation) || changed;
    });
    return changed;
  }

  #newRing(): SlotRing {
    const ring = new SlotRing(this.window.stepMs, this.window.windowMs / this.window.stepMs + 120);
    ring.addColumn(SCORE, "max");
    ring.addColumn(RARITY, "min");
    ring.addColumn(ANOMALOUS, "max");
    return ring;
  }

  #update(change: Partial<Structure>): void {
    this.#structure = { ...this.#structure, ...change };
    for (const listener of this.#listeners.structure) listener();
  }

  #changed(): void {
    for (const listener of this.#listeners.data) listener();
  }
}

function verdictOf(event: TickEvent): Verdict {
  return {
    t: event.t,
    score: event.score ?? Number.NaN,
    p: event.p,
    extrapolated: event.extrapolated ?? false,
    anomalous: event.anomalous,
    maturity: event.maturity,
    model: event.model ?? "",
  };
}

function writePart(ring: SlotRing, part: RangeResult): void {
  for (const series of part.series) ring.addColumn(series.id);
  part.t.forEach((t, row) => {
    const slot = ring.slot(t);
    for (const series of part.series) ring.write(slot, series.id, series.mean[row] ?? Number.NaN);
    if (!part.scores) return;
    ring.write(slot, SCORE, part.scores.score[row] ?? Number.NaN);
    ring.write(slot, RARITY, part.scores.p[row] ?? Number.NaN);
    ring.write(slot, ANOMALOUS, part.scores.anomalous[row] ? 1 : 0);
  });
}

function listen(set: Set<() => void>, listener: () => void): () => void {
  set.add(listener);
  return () => set.delete(listener);
}
