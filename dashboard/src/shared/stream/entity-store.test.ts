import { beforeEach, describe, expect, it, vi } from "vitest";
import type { RangeResult, SchemaEvent, SeriesMeta, TickEvent } from "@/shared/api/types";
import { ANOMALOUS, EntityStore, SCORE } from "./entity-store";
import { readFrame } from "./read";

const meta = (id: string): SeriesMeta => ({ id, name: `m.${id}`, unit: "1", labels: {} });
const schema = (hash: string, ...ids: string[]): SchemaEvent => ({ hash, columns: ids.map(meta) });
const tick = (second: number, fields: Partial<TickEvent> = {}): TickEvent => ({
  entity: "host",
  cadenceMs: 1000,
  t: second * 1000,
  score: 0.4,
  p: 0.5,
  anomalous: false,
  maturity: "warm",
  model: "m1",
  schema: "s1",
  values: [second, second * 2],
  z: [0, 0],
  ...fields,
});
const history = (from: number, to: number, id = "a"): RangeResult => {
  const t = Array.from({ length: to - from + 1 }, (_, index) => (from + index) * 1000);
  return {
    entity: "host",
    stepMs: 1000,
    t,
    series: [{ ...meta(id), mean: t.map(() => -1) }],
    scores: { score: t.map(() => 0.3), p: t.map(() => 0.9), anomalous: t.map(() => false) },
  };
};

let store: EntityStore;
const points = (id: string) => readFrame(store.ring, [id], 0, 1e9);

beforeEach(() => {
  store = new EntityStore("host", { stepMs: 1000, windowMs: 60_000, until: null });
  store.applySchema(schema("s1", "a", "b"));
});

describe("EntityStore", () => {
  it("writes ticks under the columns of their schema", () => {
    store.applyTick(tick(1));
    store.applyTick(tick(2, { values: [7, null] }));
    expect(points("a")[1]).toEqual([1, 7]);
    expect(points("b")[1]).toEqual([2, null]);
    expect(points(SCORE)[1]).toEqual([0.4, 0.4]);
    expect(store.structure.series.map((series) => series.id)).toEqual(["a", "b"]);
  });

  it("follows a change of schema: columns move, appear and end", () => {
    store.applyTick(tick(1));
    store.applySchema(schema("s2", "c", "a"));
    store.applyTick(tick(2, { schema: "s2", values: [30, 10] }));
    expect(points("a")[1]).toEqual([1, 10]);
    expect(points("b")[1]).toEqual([2, null]);
    expect(points("c")[1]).toEqual([null, 30]);
  });

  it("keeps the verdict of a tick whose schema it has not seen, and guesses no values", () => {
    store.applyTick(tick(1, { schema: "unknown" }));
    expect(store.verdict?.t).toBe(1000);
    expect(points("a")[1]).toEqual([null]);
  });

  it("takes only ticks of its entity, each once, and no means of minutes", () => {
    store.applyTick(tick(5));
    store.applyTick(tick(6, { entity: "other" }));
    store.applyTick(tick(0, { cadenceMs: 60_000 }));
    store.applyTick(tick(5, { values: [99, 99] }));
    store.applyTick(tick(4));
    expect(points("a")).toEqual([[5], [5]]);
  });

  it("draws ticks that are so slow that they come on the cadence of minutes", () => {
    for (const second of [0, 300, 600]) store.applyTick(tick(second, { cadenceMs: second === 0 ? 1000 : 60_000 }));
    expect(points("a")[1]?.filter((value) => value !== null)).toEqual([0, 300, 600]);
    expect(store.verdict?.t).toBe(600_000);
  });

  it("puts history before what has streamed in meanwhile", () => {
    store.applyTick(tick(10));
    store.applyTick(tick(11));
    store.load([history(7, 10)]);
    expect(points("a")).toEqual([
      [7, 8, 9, 10, 11],
      [-1, -1, -1, -1, 11],
    ]);
    expect(store.structure.status).toBe("ready");
  });

  it("fills the hole of a lost connection from history and leaves a real gap open", () => {
    store.load([history(1, 3)]);
    store.applyTick(tick(4));
    store.applyTick(tick(20));
    expect(points("a")[0]).toEqual([1, 2, 3, 4, 5, 20]);
    expect(points("a")[1]).toEqual([-1, -1, -1, 4, null, 20]);
    store.load([history(1, 19)]);
    expect(points("a")[1]).toHaveLength(20);
    expect(points("a")[1]?.includes(null)).toBe(false);
  });

  it("joins pages of series that differ by a row", () => {
    store.load([history(1, 3, "a"), { ...history(1, 4, "b"), scores: null }]);
    expect(points("a")[1]).toEqual([-1, -1, -1, null]);
    expect(points("b")[1]).toEqual([-1, -1, -1, -1]);
  });

  it("keeps an anomaly visible when ticks share a slot", () => {
    store = new EntityStore("host", { stepMs: 5000, windowMs: 60_000, until: null });
    store.applyTick(tick(0, { anomalous: true, score: 0.8 }));
    store.applyTick(tick(1));
    expect(points(ANOMALOUS)[1]).toEqual([1]);
    expect(points(SCORE)[1]).toEqual([0.8]);
  });

  it("replaces its structure only when something in it changed", () => {
    store.applyTick(tick(1));
    const changed = vi.fn();
    const painted = vi.fn();
    store.onStructure(changed);
    store.onData(painted);
    store.applyTick(tick(2));
    store.applyTick(tick(3));
    expect(changed).not.toHaveBeenCalled();
    expect(painted).toHaveBeenCalledTimes(2);
    store.applyTick(tick(4, { anomalous: true }));
    expect(changed).toHaveBeenCalledTimes(1);
  });

  it("stands still when it looks at the past", () => {
    store = new EntityStore("host", { stepMs: 1000, windowMs: 10_000, until: 50_000 });
    store.applyTick(tick(49));
    expect(store.ring.length).toBe(0);
    expect(store.span(1e6)).toEqual({ from: 40_000, to: 50_000 });
  });

  it("ends its window at the newest tick while ticks come, and at the present when they stop", () => {
    store.applyTick(tick(100));
    expect(store.span(101_000).to).toBe(100_000);
    expect(store.span(110_000).to).toBe(110_000);
  });

  it("knows bands and forecasts by series, whatever the order of columns", () => {
    store.applySchema(schema("s2", "b", "a"));
    const forecast = {
      series: "b",
      limit: 1,
      p5m: 1,
      p15m: 1,
      p60m: 1,
      medianSeconds: 60,
      lowSeconds: 30,
      highSeconds: 90,
    };
    store.applyOutlook({ entity: "host", schema: "s2", lower: [1, null], upper: [2, null], forecasts: [forecast] });
    expect(store.bands.get("b")).toEqual({ lower: 1, upper: 2 });
    expect(store.bands.has("a")).toBe(false);
    expect(store.structure.forecasts.get("b")?.medianSeconds).toBe(60);
  });

  it("shows an error instead of charts only when it has no points", () => {
    store.fail("no answer");
    expect(store.structure.status).toBe("failed");
    store.applyTick(tick(1));
    store.fail("no answer");
    expect(store.structure).toMatchObject({ status: "ready", error: "no answer" });
  });
});
