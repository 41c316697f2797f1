import { describe, expect, it } from "vitest";
import { describeConnection } from "./connection-badge";

const none = { t: Number.NaN, lagMs: 0, stepMs: Number.NaN };

describe("describeConnection", () => {
  it.each([
    ["connecting", none, "Connecting"],
    ["retrying", { t: 99_900, lagMs: 10, stepMs: 1000 }, "Reconnecting"],
    ["open", none, "Connected"],
    ["open", { t: 99_000, lagMs: 340, stepMs: 1000 }, "Live · 0.3 s"],
    ["open", { t: 88_000, lagMs: 340, stepMs: 1000 }, "Data 12 s late"],
    ["open", { t: 91_000, lagMs: 5000, stepMs: 5000 }, "Live · 5.0 s"],
    ["open", { t: 87_000, lagMs: 5000, stepMs: 5000 }, "Data 13 s late"],
    ["open", { t: 94_000, lagMs: 5000, stepMs: Number.NaN }, "Connected"],
    ["open", { t: 39_000, lagMs: 5000, stepMs: Number.NaN }, "Data 1 min 1 s late"],
  ] as const)("%s with %j is %s", (state, tick, text) => {
    expect(describeConnection(state, tick, 100_000, "host").text).toBe(text);
  });
});
