import { describe, expect, it } from "vitest";
import { liveHref, parseLiveView, RANGE_SPEC, RANGES, spanOf } from "./url-state";

describe("the live view's address", () => {
  it.each([
    { entity: "host", range: "15m", at: null },
    { entity: "a b/c&d=ü", range: "24h", at: 1_700_000_000_123 },
    { entity: "", range: "5m", at: null },
  ] as const)("survives the way there and back: %j", (view) => {
    const href = liveHref(view);
    expect(parseLiveView(href.slice(1))).toEqual(view);
  });

  it("leaves defaults out", () => {
    expect(liveHref({ range: "15m", at: null, entity: "" })).toBe("/");
  });

  it.each(["?range=7w&at=yesterday", "?at=-5", "?at=1e300", "?at=Infinity", ""])(
    "falls back to defaults for %s",
    (search) => {
      expect(parseLiveView(search)).toEqual({ entity: "", range: "15m", at: null });
    },
  );

  it("asks for at most a thousand points in every range", () => {
    for (const range of RANGES) expect(RANGE_SPEC[range].windowMs / RANGE_SPEC[range].stepMs).toBeLessThan(1000);
  });
});

describe("the span of a view", () => {
  const now = 10_000_000;

  it("ends now when live", () => {
    expect(spanOf({ entity: "", range: "5m", at: null }, now)).toEqual({ from: now - 300_000, to: now });
  });

  it("has the moment in the middle when it looks back", () => {
    expect(spanOf({ entity: "", range: "5m", at: 1_000_000 }, now)).toEqual({ from: 850_000, to: 1_150_000 });
  });

  it("does not reach into the future", () => {
    expect(spanOf({ entity: "", range: "5m", at: now - 60_000 }, now)).toEqual({ from: now - 300_000, to: now });
  });
});
