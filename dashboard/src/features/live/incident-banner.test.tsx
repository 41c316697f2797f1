import { screen } from "@testing-library/react";
import { afterEach, describe, expect, it, vi } from "vitest";
import { completed } from "@/shared/api/queries";
import type { IncidentEvent } from "@/shared/api/types";
import { renderWith } from "@/shared/testing";
import { IncidentBanner } from "./incident-banner";

const incident = (fields: Partial<IncidentEvent>): IncidentEvent =>
  completed({
    id: "i",
    revision: 1,
    entity: "web-1",
    kind: "joint",
    status: "open",
    severity: "warning",
    summary: "Slow",
    startedAt: 1000,
    openedAt: 1000,
    updatedAt: 1000,
    contributors: [],
    ...fields,
  } as IncidentEvent);

const show = (incidents: IncidentEvent[]) =>
  renderWith({ "GET /api/incidents?limit=100": { body: { items: incidents } } }, <IncidentBanner entity="web-1" />);

afterEach(() => vi.unstubAllGlobals());

describe("IncidentBanner", () => {
  it("tells of what concerns the entity in view: its own, what it is a symptom of, and storms", async () => {
    const symptom = { entity: "web-1", cause: "c", kind: "level", summary: "s", since: 1, lastT: 2, why: "w" };
    show([
      incident({ id: "own", summary: "Own" }),
      incident({ id: "cause", summary: "Cause", entity: "db", symptoms: [symptom], symptomCount: 2 }),
      incident({ id: "storm", summary: "Everything", entity: "edge", storm: true }),
      incident({ id: "other", summary: "Other", entity: "queue" }),
      incident({ id: "over", summary: "Over", status: "resolved" }),
    ]);
    const links = await screen.findAllByRole("link");
    expect(links.map((link) => link.getAttribute("href"))).toEqual([
      "/incidents/storm",
      "/incidents/cause",
      "/incidents/own",
    ]);
    expect(links[0]?.textContent).toContain("first on edge");
    expect(links[1]?.textContent).toContain("+2 symptoms");
    expect(screen.getByRole("status").textContent).toBe("3 open incidents");
  });

  it("leaves room for the charts: the rest is a number", async () => {
    show(["a", "b", "c", "d", "e"].map((id) => incident({ id })));
    expect((await screen.findByRole("link", { name: "and 2 more incidents" })).getAttribute("href")).toBe(
      "/incidents?status=open",
    );
  });
});
