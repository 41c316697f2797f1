import { describe, expect, it } from "vitest";
import type { TimelineEntry, TimelineKind } from "@/shared/api/types";
import { incidentOf } from "./testing";
import { timeline } from "./timeline";

const entry = (at: number, what: TimelineKind, text = "", who?: string): TimelineEntry => ({ at, what, text, who });

describe("timeline", () => {
  it("follows from the times of an incident that nothing was noted of", () => {
    const steps = timeline(
      incidentOf({
        status: "resolved",
        startedAt: 1000,
        openedAt: 4000,
        acknowledgedAt: 9000,
        resolvedAt: 61_000,
        stamps: { received: 100, featured: 110, scored: 120, detected: 130, notified: 152 },
      }),
    );
    expect(steps.map(({ at, what }) => [at, what])).toEqual([
      [1000, "Began to show"],
      [4000, "Opened"],
      [9000, "Acknowledged"],
      [61_000, "Resolved"],
    ]);
    expect(steps[1]?.details).toEqual(["Notified 52 ms after the deciding sample came in"]);
    expect(steps[3]?.details).toEqual(["Lasted 1 min"]);
  });

  it("tells what was noted once, with who and why", () => {
    const steps = timeline(
      incidentOf({
        openedAt: 4000,
        acknowledgedAt: 9000,
        timeline: [entry(4000, "opened", "CPU use is high"), entry(9000, "acknowledged", "on it", "nadia")],
      }),
    );
    expect(steps.map((step) => step.what)).toEqual(["Began to show", "Opened", "Acknowledged"]);
    expect(steps[1]?.details, "the summary stands above already").toEqual([]);
    expect(steps[2]).toMatchObject({ who: "nadia", details: ["on it"] });
  });

  it("folds symptoms that join in a row, and not across what came between", () => {
    const steps = timeline(
      incidentOf({
        timeline: [
          entry(2000, "opened"),
          entry(3000, "joined", "web-1: slow"),
          entry(3500, "joined", "web-2: slow"),
          entry(3600, "joined", "web-2: slow"),
          entry(4000, "commented", "first", "a"),
          entry(4000, "commented", "second", "b"),
          entry(5000, "joined", "web-3: slow"),
        ],
      }),
    );
    expect(steps.map(({ what, details }) => [what, details])).toEqual([
      ["Began to show", ["First tick that belongs to it"]],
      ["Opened", []],
      ["3 symptoms joined", ["web-1: slow", "web-2: slow"]],
      ["Comment", ["first"]],
      ["Comment", ["second"]],
      ["Joined", ["web-3: slow"]],
    ]);
  });

  it("shows by its name what it does not know", () => {
    const strange = { at: 3000, what: "teleported", text: "away" } as unknown as TimelineEntry;
    expect(timeline(incidentOf({ timeline: [strange] })).at(-1)).toMatchObject({
      what: "teleported",
      details: ["away"],
    });
  });
});
