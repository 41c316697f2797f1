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

  it("acknowledges with a POST and nothing else", async () => {
    const { fetched, client } = show([open]);
    await userEvent.click(await screen.findByRole("button", { name: /Acknowledge/ }));
    await waitFor(() => expect(client.getQueryState(incidentsQuery.queryKey)?.dataUpdateCount).toBe(2));
    const calls = fetched.mock.calls as unknown as [string, RequestInit][];
    expect(calls.filter(([, init]) => init.method === "POST").map(([path]) => path)).toEqual([
      "/api/incidents/a/acknowledge",
    ]);
  });

  it("says what is wrong when nobody answers", async () => {
    show(
      [],
      vi.fn(() => Promise.reject(new TypeError("failed"))),
    );
    expect((await screen.findByRole("alert")).textContent).toContain("forewarn up");
  });
});
