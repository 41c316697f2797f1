import { describe, expect, it } from "vitest";
import { describeConnection } from "./connection-badge";

const none = { t: Number.NaN, lagMs: 0 };

describe("describeConnection", () => {
  it.each([
    ["connecting", none, "Connecting"],
    ["retrying", { t: 99_900, lagMs: 10 }, "Reconnecting"],
    ["open", none, "Connected"],
    ["open", { t: 99_000, lagMs: 340 }, "Live · 0.3 s"],
    ["open", { t: 88_000, lagMs: 340 }, "Data 12 s late"],
  ] as const)("%s with %j is %s", (state, tick, text) => {
    expect(describeConnection(state, tick, 100_000, "host").text).toBe(text);
  });
});
