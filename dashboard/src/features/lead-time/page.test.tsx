import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { render, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { BudgetInfo, LeadTime, LeadTimeSummary } from "@/shared/api/alert-types";
import type { Page, PredictionOutcome } from "@/shared/api/types";
import LeadTimePage from "./page";

const summary: LeadTimeSummary = {
  from: 0,
  to: 1,
  pending: 1,
  confirmed: 6,
  averted: 2,
  expired: 2,
  precision: 0.8,
  secondsEarned: 8040,
  medianLeadSeconds: 1260,
  withinInterval: 0.83,
  calibration: [{ low: 0.8, high: 0.9, count: 8, said: 0.85, happened: 0.75 }],
};
const nothing: LeadTimeSummary = {
  ...summary,
  pending: 0,
  confirmed: 0,
  averted: 0,
  expired: 0,
  precision: null,
  secondsEarned: 0,
  medianLeadSeconds: null,
  withinInterval: null,
  calibration: [],
};
const line = (entity: string, outcome: PredictionOutcome, more: Partial<LeadTime> = {}): LeadTime => ({
  incident: `i-${entity}`,
  entity,
  prediction: {
    series: "s",
    name: "system.filesystem.utilization",
    unit: "1",
    limit: 1,
    saidAt: 0,
    earliestAt: 1000,
    predictedAt: 2000,
    latestAt: 3000,
    probability: 0.82,
    outcome,
  },
  ...more,
});
const budget: BudgetInfo = {
  name: "shop",
  perWeek: 2,
  match: { entity: "web-*", labels: { team: "shop" } },
  entities: 4,
  perEntity: 0.5,
  told: 7,
  falseAlarms: 3,
  useful: 2,
};

/** A gateway that answers by path; the ledger by its whole query. */
function show(told: LeadTimeSummary, ledger: Record<string, Page<LeadTime>>, budgets: BudgetInfo[] = []) {
  const paths: string[] = [];
  vi.stubGlobal(
    "fetch",
    vi.fn(async (path: string) => {
      paths.push(path);
      if (path.startsWith("/api/lead-times/summary?")) return Response.json(told);
      if (path.startsWith("/api/lead-times")) return Response.json(ledger[path] ?? { items: [] });
      return Response.json({ items: path === "/api/budgets" ? budgets : [] });
    }),
  );
  const client = new QueryClient({ defaultOptions: { queries: { retry: false, staleTime: 60_000 } } });
  render(
    <QueryClientProvider client={client}>
      <LeadTimePage />
    </QueryClientProvider>,
  );
  return paths;
}

afterEach(() => vi.unstubAllGlobals());

describe("LeadTimePage", () => {
  it("says what was earned, how often it was right and how early", async () => {
    show(summary, {});
    for (const text of ["2 h 14 min", "80 %", "21 min", "83 %", "8 of 10 settled ones hit or averted"])
      expect(await screen.findByText(text)).toBeTruthy();
    expect(screen.getByText(/^As sure as it should be: said 85 % on average, happened 75 %/)).toBeTruthy();
    const bins = screen.getByRole("table", { name: /by the probability/ });
    expect(within(bins).getByRole("row", { name: "80–90 % 8 85 % 75 %" })).toBeTruthy();
  });

  it("explains what will stand here while there is nothing", async () => {
    show(nothing, {});
    expect(await screen.findByText("No predictions yet")).toBeTruthy();
    expect(screen.queryByText("Precision")).toBeNull();
    expect(await screen.findByText(/No budget is set/)).toBeTruthy();
  });

  it("asks for another span of time", async () => {
    const paths = show(summary, {});
    await userEvent.click(await screen.findByRole("radio", { name: "7 days" }));
    await vi.waitFor(() => expect(paths.filter((path) => path.includes("/summary?")).length).toBe(2));
    const spans = paths
      .filter((path) => path.includes("/summary?"))
      .map((path) => new URLSearchParams(path.slice(path.indexOf("?"))))
      .map((query) => (Number(query.get("to")) - Number(query.get("from"))) / 86_400_000);
    expect(spans).toEqual([30, 7]);
  });

  it("turns the ledger's pages and filters it", async () => {
    show(summary, {
      "/api/lead-times": { items: [line("db", "confirmed", { leadSeconds: 1860 })], next: "c1" },
      "/api/lead-times?cursor=c1": { items: [line("web-1", "averted")], next: null },
      "/api/lead-times?outcome=expired": { items: [line("queue", "expired")] },
    });
    const ledger = within(await screen.findByRole("region", { name: "Ledger" }));
    expect((await ledger.findByRole("listitem")).textContent).toMatch(/^Confirmeddb.*to 100%.*82 %.*31 min lead$/);
    await userEvent.click(ledger.getByRole("button", { name: "Show older ones" }));
    expect((await ledger.findByRole("link", { name: "web-1" })).getAttribute("href")).toBe("/incidents/i-web-1");
    expect(ledger.queryByRole("button", { name: "Show older ones" })).toBeNull();
    await userEvent.selectOptions(ledger.getByLabelText("Outcome"), "Expired");
    expect(await ledger.findByRole("link", { name: "queue" })).toBeTruthy();
    expect(ledger.queryByRole("link", { name: "db" })).toBeNull();
  });

  it("says how a budget is used, and when it is overdrawn", async () => {
    show(summary, {}, [budget, { ...budget, name: "everything", match: {}, falseAlarms: 0 }]);
    const [shop, everything] = await within(
      await screen.findByRole("region", { name: "False-alarm budget" }),
    ).findAllByRole("listitem");
    expect(shop?.textContent).toMatch(/^shopOverdrawnweb-\*, team=shop7 told this week; 3 of 2 false alarms used/);
    expect(shop?.textContent).toContain("Not judged2");
    expect(shop?.textContent).toContain("Shared by4 entities");
    expect(everything?.textContent).toMatch(/^everythingWithinEverything/);
  });
});
