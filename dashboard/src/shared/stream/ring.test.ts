import { describe, expect, it } from "vitest";
import { SlotRing } from "./ring";

const values = (ring: SlotRing, id: string): number[] =>
  Array.from({ length: ring.length }, (_, index) => ring.valueAt(id, index));
const times = (ring: SlotRing): number[] => Array.from({ length: ring.length }, (_, index) => ring.timeAt(index));

function filled(count: number, capacity = 5, step = 1000): SlotRing {
  const ring = new SlotRing(step, capacity);
  ring.addColumn("a");
  for (let index = 0; index < count; index++) ring.write(ring.slot(index * step), "a", index);
  return ring;
}

describe("SlotRing", () => {
  it("keeps the newest slots when it is full", () => {
    const ring = filled(8);
    expect(ring.length).toBe(5);
    expect(times(ring)).toEqual([3000, 4000, 5000, 6000, 7000]);
    expect(values(ring, "a")).toEqual([3, 4, 5, 6, 7]);
  });

  it("folds values of one slot by the column's rule", () => {
    const ring = new SlotRing(1000, 4);
    ring.addColumn("mean");
    ring.addColumn("max", "max");
    ring.addColumn("min", "min");
    for (const [t, value] of [
      [100, 1],
      [400, 5],
      [900, 3],
    ] as const) {
      const slot = ring.slot(t);
      for (const id of ["mean", "max", "min"]) ring.write(slot, id, value);
    }
    expect(ring.length).toBe(1);
    expect([values(ring, "mean"), values(ring, "max"), values(ring, "min")]).toEqual([[3], [5], [1]]);
  });

  it("starts a fresh mean in every slot", () => {
    const ring = new SlotRing(1000, 4);
    ring.addColumn("a");
    for (const [t, value] of [
      [0, 10],
      [500, 20],
      [1000, 4],
      [1500, 6],
    ] as const)
      ring.write(ring.slot(t), "a", value);
    expect(values(ring, "a")).toEqual([15, 5]);
  });

  it("leaves out slots nobody wrote and values nobody measured", () => {
    const ring = filled(2);
    ring.write(ring.slot(9000), "a", Number.NaN);
    expect(times(ring)).toEqual([0, 1000, 9000]);
    expect(values(ring, "a")[2]).toBeNaN();
  });

  it("gives a column that comes later no past", () => {
    const ring = filled(3);
    ring.addColumn("late");
    ring.write(ring.slot(3000), "late", 7);
    expect(values(ring, "late")).toEqual([Number.NaN, Number.NaN, Number.NaN, 7]);
  });

  it("finds a known slot for a late value and refuses one it no longer has", () => {
    const ring = filled(8);
    ring.addColumn("late");
    ring.write(ring.slot(5200), "late", 1);
    expect(ring.valueAt("late", 2)).toBe(1);
    expect(ring.slot(0)).toBe(-1);
    expect(ring.slot(2999)).toBe(-1);
    expect(ring.length).toBe(5);
  });

  it("appends another ring's newer slots and all its columns", () => {
    const past = filled(3, 10);
    const live = new SlotRing(1000, 10);
    live.addColumn("a");
    live.addColumn("b");
    for (const t of [1000, 2000, 3000, 4000]) {
      const slot = live.slot(t);
      live.write(slot, "a", t / 10);
      live.write(slot, "b", t);
    }
    past.appendFrom(live, 2000);
    expect(times(past)).toEqual([0, 1000, 2000, 3000, 4000]);
    expect(values(past, "a")).toEqual([0, 1, 2, 300, 400]);
    expect(values(past, "b").slice(3)).toEqual([3000, 4000]);
  });

  it("finds the first slot at or after a time, wherever the ring's start lies", () => {
    const ring = filled(8);
    expect([0, 3000, 3001, 7000, 7001].map((t) => ring.firstAt(t))).toEqual([0, 0, 1, 4, 5]);
  });

  it.each([
    [0, 5],
    [1000, 0],
    [Number.NaN, 5],
  ])("refuses step %s and capacity %s", (step, capacity) => {
    expect(() => new SlotRing(step, capacity)).toThrow(RangeError);
  });
});
