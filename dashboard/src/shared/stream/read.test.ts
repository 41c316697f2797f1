import { describe, expect, it } from "vitest";
import { readFrame } from "./read";
import { SlotRing } from "./ring";

function ringOf(points: [number, Record<string, number>][], columns: string[]): SlotRing {
  const ring = new SlotRing(1000, 100);
  for (const column of columns) ring.addColumn(column);
  for (const [second, row] of points) {
    const slot = ring.slot(second * 1000);
    for (const [id, value] of Object.entries(row)) ring.write(slot, id, value);
  }
  return ring;
}

describe("readFrame", () => {
  it("cuts the window and turns milliseconds into seconds", () => {
    const ring = ringOf(
      [0, 1, 2, 3, 4].map((second) => [second, { a: second }]),
      ["a"],
    );
    expect(readFrame(ring, ["a"], 1000, 3000)).toEqual([
      [1, 2, 3],
      [1, 2, 3],
    ]);
  });

  it("breaks every line where slots are missing", () => {
    const ring = ringOf(
      [0, 1, 2, 10, 11].map((second) => [second, { a: 1 }]),
      ["a"],
    );
    expect(readFrame(ring, ["a"], 0, 20_000)).toEqual([
      [0, 1, 2, 3, 10, 11],
      [1, 1, 1, null, 1, 1],
    ]);
  });

  it("bridges the rhythm of a slower series but not its outage", () => {
    const seconds = Array.from({ length: 61 }, (_, second) => second);
    const ring = ringOf(
      seconds.map((second) => [
        second,
        { fast: 1, ...(second % 5 === 0 && (second < 25 || second > 50) ? { slow: second } : {}) },
      ]),
      ["fast", "slow"],
    );
    const [, fast, slow] = readFrame(ring, ["fast", "slow"], 0, 60_000);
    expect(fast?.every((point) => point === 1)).toBe(true);
    expect(slow?.slice(1, 5)).toEqual([undefined, undefined, undefined, undefined]);
    expect(slow?.slice(21, 55).every((point) => point === null)).toBe(true);
    expect([slow?.[20], slow?.[55]]).toEqual([20, 55]);
  });

  it("gives an unknown column no points, one per time", () => {
    const ring = ringOf(
      [
        [0, { a: 1 }],
        [1, { a: 2 }],
      ],
      ["a"],
    );
    expect(readFrame(ring, ["nobody"], 0, 5000)).toEqual([
      [0, 1],
      [null, null],
    ]);
  });

  it("is empty for an empty ring", () => {
    expect(readFrame(new SlotRing(1000, 5), ["a"], 0, 1000)).toEqual([[], []]);
  });
});
