import { describe, expect, it } from "vitest";
import { ServerClock } from "./time";

describe("ServerClock", () => {
  it("is the browser's clock until it has heard from the server", () => {
    expect(new ServerClock().now(500)).toBe(500);
  });

  it("trusts the message that travelled fastest", () => {
    const clock = new ServerClock();
    clock.observe(10_000, 5000);
    clock.observe(11_000, 6800);
    expect(clock.now(7000)).toBeCloseTo(11_999, -1);
  });
});
