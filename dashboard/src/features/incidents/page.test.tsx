import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { render, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, describe, expect, it, vi } from "vitest";
import { applyIncident, incidentsQuery } from "@/shared/api/queries";
import type { IncidentEvent } from "@/shared/api/types";
import IncidentsPage from "./page";
import { incidentOf } from "./testing";

const open = incidentOf({
  id: "a",
  severity: "critical",
  summary: "CPU use is 93 %",
  contributors: [
    {
      series: "s",
      name: "system.cpu.utilization",
      unit: "1",
      labels: { "cpu.mode": "user" },
      value: 0.93,
      expected: 0.05,
      low: 0.02,
      high: 0.11,
      z: 12,
    },
  ],
});

function show(incidents: IncidentEvent[], fetched = vi.fn(async () => Response.json({ items: incidents }))) {
  vi.stubGlobal("fetch", fetched);
  const client = new QueryClient({ defaultOptions: { queries: { retry: false, staleTime: 60_000 } } });
  render(
    <QueryClientProvider client={client}>
      <IncidentsPage />
    </QueryClientProvider>,
  );
  return { client, fetched };
}

afterEach(() => vi.unstubAllGlobals());

describe("IncidentsPage", () => {
  it("says why, in words and numbers", async () => {
    show([open]);
    expect(await screen.findByRole("heading", { name: "CPU use is 93 %" })).toBeTruthy();
    expect(screen.getByText("Critical")).toBeTruthy();
    expect(screen.getByText("CPU use · user")).toBeTruthy();
    expect(screen.getByText("normal 2.0% to 11%")).toBeTruthy();
    expect(screen.getByRole("link", { name: /See the charts/ }).getAttribute("href")).toBe("/?entity=host&at=1000");
  });

  it("moves an incident to the resolved ones when the event arrives", async () => {
    const { client } = show([open]);
    await screen.findByRole("button", { name: /Acknowledge/ });
    applyIncident(client, { ...open, revision: 2, status: "resolved", resolvedAt: 61_000 });
    expect(await screen.findByText("All quiet")).toBeTruthy();
    expect(screen.getByRole("heading", { name: "Resolved" })).toBeTruthy();
    expect(screen.getByText(/lasted 1 min/)).toBeTruthy();
  });

  it("acknowledges under the name that is kept here, and shows the answer at once", async () => {
    localStorage.setItem("forewarn.who", " nadia ");
    const fetched = vi.fn(async (path: string, init: RequestInit) =>
      init.method === "POST"
        ? Response.json({ ...open, revision: 2, status: "acknowledged", assignee: "nadia" })
        : Response.json({ items: path.startsWith("/api/incidents") ? [open] : [] }),
    );
    show([open], fetched as never);
    await userEvent.click(await screen.findByRole("button", { name: /Acknowledge/ }));
    expect(await screen.findByTitle("Looks after it")).toBeTruthy();
    const posts = fetched.mock.calls.filter(([, init]) => init.method === "POST");
    expect(posts.map(([path, init]) => [path, init.body])).toEqual([
      ["/api/incidents/a/acknowledge", '{"who":"nadia"}'],
    ]);
  });

  it("says why an acknowledgement was refused, and asks what became of it", async () => {
    const fetched = vi.fn(async (_path: string, init: RequestInit) =>
      init.method === "POST"
        ? Response.json({ detail: "Incident a: It is over." }, { status: 409 })
        : Response.json({ items: [open] }),
    );
    const { client } = show([open], fetched as never);
    await userEvent.click(await screen.findByRole("button", { name: /Acknowledge/ }));
    expect((await screen.findByRole("alert")).textContent).toBe("Incident a: It is over.");
    await waitFor(() => expect(client.getQueryState(incidentsQuery.queryKey)?.dataUpdateCount).toBe(2));
  });

  it("filters by what the address says, counts per status, and shows all again", async () => {
    window.history.replaceState(null, "", "/incidents?muted=only");
    show([open, incidentOf({ id: "b", summary: "Disk is busy", mutedBy: "sil-1" })]);
    expect(await screen.findByRole("heading", { name: "Disk is busy" })).toBeTruthy();
    expect(screen.queryByRole("heading", { name: "CPU use is 93 %" })).toBeNull();
    expect(screen.getByRole("radio", { name: "Open 1" })).toBeTruthy();
    await userEvent.click(screen.getByRole("radio", { name: "Acknowledged 0" }));
    expect(window.location.search).toBe("?status=acknowledged&muted=only");
    await userEvent.click(await screen.findByRole("button", { name: "Show all" }));
    expect(screen.getByRole("heading", { name: "CPU use is 93 %" })).toBeTruthy();
    expect(window.location.search).toBe("");
  });

  it("tells at a glance what is special about an incident", async () => {
    show([
      incidentOf({
        storm: true,
        entities: ["edge-1", "edge-2", "edge-3"],
        symptomCount: 12,
        flapping: true,
        mutedBy: "sil-1",
        probableCause: "edge-1 moved first",
      }),
    ]);
    const card = await screen.findByRole("article");
    for (const text of ["Storm", "Flapping", "Muted", "+12 symptoms", "edge-1 and 2 more", "edge-1 moved first"])
      expect(card.textContent).toContain(text);
  });

  it("says what is wrong when nobody answers", async () => {
    show(
      [],
      vi.fn(() => Promise.reject(new TypeError("failed"))),
    );
    expect((await screen.findByRole("alert")).textContent).toContain("forewarn up");
  });
});
