import { describe, expect, it } from "vitest";
import type { Symptom } from "@/shared/api/types";
import { lagged, lagText } from "./lag";
import { incidentOf } from "./testing";

const symptom = (entity: string, since: number, lastT: number): Symptom => ({
  entity,
  cause: "behaviour",
  kind: "level",
  summary: "slow",
  since,
  lastT,
  why: "same rack",
});

describe("lagged", () => {
  it("orders symptoms by their beginning and lays them on one axis with the incident", () => {
    const rows = lagged(
      incidentOf({
        startedAt: 10_000,
        updatedAt: 60_000,
        symptoms: [symptom("late", 60_000, 110_000), symptom("early", 20_000, 30_000)],
      }),
    );
    expect(rows.map((row) => [row.symptom.entity, row.lagMs])).toEqual([
      ["early", 10_000],
      ["late", 50_000],
    ]);
    expect(rows[0]).toMatchObject({ left: 10, width: 10 });
    expect(rows[1]).toMatchObject({ left: 50, width: 50 });
  });

  it("keeps every bar visible and inside, whatever the times say", () => {
    const rows = lagged(
      incidentOf({
        startedAt: 10_000,
        updatedAt: 10_000,
        symptoms: [symptom("before", 4000, 4000), symptom("backwards", 50_000, 20_000), symptom("end", 50_000, 50_000)],
      }),
    );
    expect(rows[0]?.lagMs).toBe(-6000);
    for (const { left, width } of rows) {
      expect(left).toBeGreaterThanOrEqual(0);
      expect(width).toBeGreaterThan(1);
      expect(left + width).toBeLessThanOrEqual(100);
    }
  });
});

describe("lagText", () => {
  it.each([
    [0, "at once"],
    [499, "at once"],
    [12_000, "+12 s"],
    [-3000, "−3 s"],
    [180_000, "+3 min"],
    [10_800_000, "+3 h"],
  ])("says %i ms as %s", (ms, text) => expect(lagText(ms)).toBe(text));
});
