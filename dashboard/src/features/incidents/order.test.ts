import { describe, expect, it } from "vitest";
import { mergeIncident } from "@/shared/api/queries";
import { splitIncidents } from "./order";
import { incidentOf } from "./testing";

describe("splitIncidents", () => {
  it("puts what needs a person first", () => {
    const { active, resolved } = splitIncidents([
      incidentOf({ id: "resolved-early", status: "resolved", resolvedAt: 50 }),
      incidentOf({ id: "acknowledged", status: "acknowledged", severity: "critical", startedAt: 9000 }),
      incidentOf({ id: "open-info", severity: "info", startedAt: 9000 }),
      incidentOf({ id: "open-critical-old", severity: "critical", startedAt: 10 }),
      incidentOf({ id: "resolved-late", status: "resolved", resolvedAt: 90 }),
      incidentOf({ id: "open-critical-new", severity: "critical", startedAt: 20 }),
    ]);
    expect(active.map((incident) => incident.id)).toEqual([
      "open-critical-new",
      "open-critical-old",
      "open-info",
      "acknowledged",
    ]);
    expect(resolved.map((incident) => incident.id)).toEqual(["resolved-late", "resolved-early"]);
  });
});

describe("byUrgency", () => {
  it("puts a storm before single incidents, and what is muted after everything that is not", () => {
    const { active } = splitIncidents([
      incidentOf({ id: "muted-critical", severity: "critical", mutedBy: "sil-1" }),
      incidentOf({ id: "acknowledged", status: "acknowledged" }),
      incidentOf({ id: "critical", severity: "critical" }),
      incidentOf({ id: "storm", storm: true }),
    ]);
    expect(active.map((incident) => incident.id)).toEqual(["storm", "critical", "acknowledged", "muted-critical"]);
  });
});

describe("mergeIncident", () => {
  it("takes newer revisions, ignores older ones, and adds what is new", () => {
    const known = [incidentOf({ id: "a", revision: 2 })];
    expect(mergeIncident(known, incidentOf({ id: "a", revision: 1, status: "resolved" }))).toBe(known);
    expect(mergeIncident(known, incidentOf({ id: "a", revision: 3, status: "resolved" }))[0]?.status).toBe("resolved");
    expect(mergeIncident(known, incidentOf({ id: "b" })).map((incident) => incident.id)).toEqual(["b", "a"]);
  });
});
