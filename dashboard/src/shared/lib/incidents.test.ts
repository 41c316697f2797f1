import { describe, expect, it } from "vitest";
import { completed } from "@/shared/api/queries";
import type { IncidentEvent } from "@/shared/api/types";
import { concerns, countdown } from "./incidents";

// As history may still hold it: stored before incidents had symptoms, a story and deliveries.
const old = { id: "i", entity: "web-1", summary: "s", contributors: [] } as unknown as IncidentEvent;

describe("completed", () => {
  it("reads what an old incident lacks as none", () => {
    expect(completed(old)).toMatchObject({
      entities: ["web-1"],
      symptoms: [],
      symptomCount: 0,
      timeline: [],
      deliveries: [],
      storm: false,
      reopened: 0,
    });
  });

  it("keeps what is there", () => {
    const event = { ...completed(old), entities: ["db", "web-1"], storm: true, symptomCount: 7 };
    expect(completed(event)).toEqual(event);
  });
});

describe("concerns", () => {
  const symptom = { entity: "web-3", cause: "c", kind: "level", summary: "s", since: 1, lastT: 2, why: "w" };
  const incident = { ...completed(old), entities: ["db", "web-2"], symptoms: [symptom] };

  it.each(["web-1", "db", "web-2", "web-3"])("%s should know of it", (entity) =>
    expect(concerns(incident, entity)).toBe(true),
  );
  it("others need not", () => expect(concerns(incident, "web")).toBe(false));
});

describe("countdown", () => {
  it.each([
    [60_000, 0, "in 1 min"],
    [0, 90_000, "due 1 min 30 s ago"],
    [5000, 5000, "due 0 s ago"],
  ])("of %i at %i is %s", (at, now, text) => expect(countdown(at, now)).toBe(text));
});
