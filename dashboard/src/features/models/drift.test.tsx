import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, describe, expect, it, vi } from "vitest";
import { modelsQuery } from "@/shared/api/queries";
import type { ModelDrift } from "@/shared/api/types";
import { renderWith } from "@/shared/testing";
import { Drift, inWords, share } from "./drift";

const HOUR_MS = 3_600_000;
const drift: ModelDrift = {
  model: "aa",
  summary: "'level_2nd' has moved by 0.310 (bound 0.2) on 50,000 ticks in 12 hours.",
  moved: true,
  bound: 0.2,
  hours: 12,
  hoursNeeded: 6,
  ticks: 50_000,
  ticksNeeded: 20_000,
  score: 0.1,
  features: ["level_2nd", "level_max", "z_rms", "step_rms", "spread_mean", "level_mean"].map((name, i) => ({
    name,
    psi: i === 0 ? 0.31 : 0.05 / i,
  })),
};
const show = (body: unknown, status = 200, version = "aa") =>
  renderWith({ "GET /api/models/drift": { status, body } }, <Drift version={version} now={0} />);
const region = () => screen.findByRole("region", { name: "Drift" });

afterEach(() => vi.unstubAllGlobals());

describe("Drift", () => {
  it("shows scores and what moved most against the bound, the rest when asked", async () => {
    show(drift);
    const bars = within(await region());
    expect(bars.getByText("Moved")).toBeTruthy();
    expect(bars.getByText(/^“2nd farthest” has moved by 0.310/)).toBeTruthy();
    const rows = bars.getAllByRole("listitem").map((row) => row.textContent);
    expect(rows.slice(0, 2)).toEqual(["Scores0.10 of 0.2", "2nd farthest0.31 of 0.2, moved"]);
    await userEvent.click(bars.getByText("1 that moved less"));
    expect(bars.getByText("Levels, mean")).toBeTruthy();
  });

  it("draws no bars on too few ticks or hours", async () => {
    show({ ...drift, moved: false, hours: 2 });
    const bars = within(await region());
    expect(bars.getByText("Too early to judge")).toBeTruthy();
    expect(bars.getByText(/^50,000 of 20,000 ticks and 2 of 6 hours/)).toBeTruthy();
    expect(bars.queryByRole("list")).toBeNull();
  });

  it("says that all is well", async () => {
    show({ ...drift, moved: false });
    expect(within(await region()).getByText("As it learned")).toBeTruthy();
  });

  it("says nothing of another champion than this one", async () => {
    const { client } = show(drift, 200, "bb");
    await vi.waitFor(() => expect(client.isFetching()).toBe(0));
    expect(screen.queryByRole("region")).toBeNull();
  });

  it("is asked for again when another model decides", async () => {
    const { client, calls } = show({ ...drift, moved: false });
    await region();
    await client.invalidateQueries({ queryKey: modelsQuery.queryKey });
    expect(calls).toHaveLength(2);
  });

  it("says why it is not known", async () => {
    show({ detail: "The state store is away." }, 503);
    expect((await screen.findByRole("alert")).textContent).toBe("The state store is away.");
  });

  it("shows the watch after a promotion: alarms against allowed, and for how long", async () => {
    const watch = { until: 2 * HOUR_MS, before: "cc", hours: 3.25, alarms: 2, allowed: 5.64, summary: "" };
    show({ ...drift, watch });
    const watched = within(await screen.findByRole("region", { name: "Watched since its promotion" }));
    expect(watched.getByText(/cc comes back by itself$/)).toBeTruthy();
    const values = watched.getAllByRole("definition").map((value) => value.textContent);
    expect([values[0], values[1], values[2], values[4]]).toEqual(["2", "5.6", "3.3 entity-hours", "2 h"]);
  });
});

describe("share", () => {
  it("puts the bound into the middle and never leaves the bar", () => {
    expect(share(0.2, 0.2)).toBe(50);
    expect(share(9, 0.2)).toBe(100);
  });
});

describe("inWords", () => {
  it("leaves names it does not know readable", () => {
    expect(inWords("'new_entry' has moved")).toBe("“new entry” has moved");
  });
});
