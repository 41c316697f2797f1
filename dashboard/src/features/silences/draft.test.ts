import { describe, expect, it } from "vitest";
import { toLocalInput } from "@/shared/lib/local-input";
import { matchOf, requestOf, type SilenceDraft, UNTIL, whyNot } from "./draft";

// To the second, as the inputs are.
const NOW = 1_790_000_000_000;
const HOUR = 3_600_000;
const draft = (fields: Partial<SilenceDraft>): SilenceDraft => ({
  kind: "silence",
  entity: "",
  labels: "",
  severity: [],
  detection: "",
  length: "60",
  from: toLocalInput(NOW + HOUR),
  to: toLocalInput(NOW + 2 * HOUR),
  reason: "Move",
  ...fields,
});

describe("matchOf", () => {
  it("leaves out what was left empty: that is what matches all", () => {
    expect(matchOf(draft({ entity: "  " }))).toEqual({});
  });

  it("reads what was filled in", () => {
    expect(
      matchOf(draft({ entity: " web-* ", labels: "team=shop, zone=a*,", severity: ["info"], detection: "flat-line" })),
    ).toEqual({ entity: "web-*", labels: { team: "shop", zone: "a*" }, severity: ["info"], kind: ["flat-line"] });
  });
});

describe("whyNot", () => {
  it.each([
    [{}, "nadia", ""],
    [{ length: UNTIL }, "nadia", ""],
    [{ labels: "team" }, "nadia", /"team" is no attribute/],
    [{ length: UNTIL, to: "" }, "nadia", /from when to when/],
    [{ length: UNTIL, to: toLocalInput(NOW) }, "nadia", /ends before it begins/],
    [{ length: UNTIL, from: toLocalInput(NOW - 2 * HOUR), to: toLocalInput(NOW - HOUR) }, "nadia", /ends in the past/],
    [{ reason: " " }, "nadia", /Say why/],
    [{}, " ", /who you are/],
  ])("%o by %o: %s", (fields, who, expected) => {
    const wrong = whyNot(draft(fields), who, NOW);
    if (expected === "") expect(wrong).toBe("");
    else expect(wrong).toMatch(expected as RegExp);
  });
});

describe("requestOf", () => {
  it("lets a length begin when it arrives", () => {
    expect(requestOf(draft({ length: "240", kind: "maintenance" }), " nadia ", NOW)).toEqual({
      kind: "maintenance",
      match: {},
      to: NOW + 4 * HOUR,
      reason: "Move",
      who: "nadia",
    });
  });

  it("keeps a span as it was said", () => {
    expect(requestOf(draft({ length: UNTIL }), "nadia", NOW)).toMatchObject({ from: NOW + HOUR, to: NOW + 2 * HOUR });
  });
});
