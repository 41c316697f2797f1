import { describe, expect, it, vi } from "vitest";
import { axisTop } from "./metric-options";
import { anomalousSpans } from "./overlays";
import { PaintLoop } from "./paint-loop";
import { rarityLevel } from "./score-options";
import { fade } from "./tokens";

describe("anomalousSpans", () => {
  it("joins neighbours and keeps apart what is apart", () => {
    expect(anomalousSpans([1, 2, 3, 4, 9, 10], [0, 1, 1, 0, 1, null], 1)).toEqual([
      [2, 4],
      [9, 10],
    ]);
  });
});

describe("rarityLevel", () => {
  it("is calm for the usual and full at one in a hundred thousand", () => {
    expect([1, 0.1, 1e-3, 1e-5, 1e-9, 0, null].map(rarityLevel)).toEqual([0, 0, 0.5, 1, 1, 1, 0]);
  });
});

describe("axisTop", () => {
  const chart = (unit: string, limit: number | null = null) => ({ name: "x", unit, lines: [], limit });

  it("gives noise of a share no more than its place", () => {
    expect(axisTop(0.002, chart("share"), false)).toBe(0.05);
    expect(axisTop(0.98, chart("share"), false)).toBe(1);
  });

  it("reaches to the limit when it matters, and never collapses", () => {
    expect(axisTop(10, chart("By", 100_000), true)).toBe(104_000);
    expect(axisTop(0, chart("1"), false)).toBe(1);
  });
});

describe("fade", () => {
  it("sets the opacity of hex colours in any length", () => {
    expect(fade("#0b7c8c", 0.5)).toBe("#0b7c8c80");
    expect(fade("#fff", 1)).toBe("#ffffffff");
    expect(fade("#0b6e7c1c", 2)).toBe("#0b6e7cff");
  });
});

describe("PaintLoop", () => {
  it("paints once per frame what was invalidated, and the invisible only when it comes into sight", () => {
    const frames: FrameRequestCallback[] = [];
    vi.stubGlobal("requestAnimationFrame", (callback: FrameRequestCallback) => frames.push(callback));
    const run = (): void => frames.splice(0).forEach((callback) => void callback(0));
    const loop = new PaintLoop();
    const seen = { visible: true, paint: vi.fn() };
    const unseen = { visible: false, paint: vi.fn() };
    const remove = loop.add(seen);
    loop.add(unseen);
    loop.invalidate(seen);
    loop.invalidate(unseen);
    run();
    expect([seen.paint.mock.calls.length, unseen.paint.mock.calls.length]).toEqual([1, 0]);
    run();
    expect(seen.paint).toHaveBeenCalledTimes(1);
    loop.show(unseen, true);
    run();
    expect(unseen.paint).toHaveBeenCalledTimes(1);
    remove();
    loop.invalidateAll();
    run();
    expect([seen.paint.mock.calls.length, unseen.paint.mock.calls.length]).toEqual([1, 2]);
    vi.unstubAllGlobals();
  });
});
