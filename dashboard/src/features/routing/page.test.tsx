import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { AlertConfig } from "@/shared/api/alert-types";
import { renderWith } from "@/shared/testing";
import RoutingPage from "./page";

const config: AlertConfig = {
  file: "alerts.yaml",
  loadedAt: 1000,
  mistakes: [],
  warnings: [],
  receivers: [{ name: "ops", channels: ["console", "email"] }],
  routes: [
    {
      name: "nights",
      match: { severity: ["critical"], kind: ["flat-line"] },
      hours: "Mon-Fri 22:00-06:00 Europe/Berlin",
      receivers: ["ops"],
      escalation: [{ afterSeconds: 900, receivers: ["boss"] }],
      limit: "10 per 1h",
    },
    { name: "rest", match: {}, receivers: [], escalation: [], continue: true },
  ],
};
const show = (shown: AlertConfig, answers: Parameters<typeof renderWith>[0] = {}) =>
  renderWith({ "GET /api/alerts/config": { body: shown }, ...answers }, <RoutingPage />);

afterEach(() => vi.unstubAllGlobals());

describe("RoutingPage", () => {
  it("says who is told of what, and who later", async () => {
    show(config);
    const nights = (await screen.findByRole("heading", { name: /nights$/ })).closest("li");
    for (const text of [
      "critical, flat line",
      "Tells at onceops",
      "Not acknowledged after 15 minboss",
      "Mon-Fri 22:00-06:00 Europe/Berlin",
      "At most10 per 1h",
    ])
      expect(nights?.textContent).toContain(text);
    const rest = screen.getByRole("heading", { name: /rest$/ }).closest("li");
    expect(rest?.textContent).toContain("MatchesEverything");
    expect(rest?.textContent).toContain("Tells at oncenobody");
    expect(screen.queryByRole("alert")).toBeNull();
  });

  it("shows what is wrong with the file, and that no file means the console", async () => {
    show({ ...config, file: null, mistakes: ["alerts.yaml:7: no receiver 'bos'"], warnings: ["no binding 'slack'"] });
    const [mistakes, warnings] = await screen.findAllByRole("alert");
    expect(mistakes?.textContent).toContain("alerts.yaml:7: no receiver 'bos'");
    expect(warnings?.textContent).toContain("no binding 'slack'");
    expect(screen.getByText(/everything goes to the console/)).toBeTruthy();
  });

  it("sends a test through one route and gives its id", async () => {
    const { calls } = show(config, {
      "POST /api/alerts/test?route=nights": {
        status: 202,
        body: {
          incident: "t",
          notifications: [{ receiver: "ops", notification: "n-7", channels: ["console", "email"] }],
        },
      },
      "POST /api/alerts/test?route=rest": { status: 404, body: { detail: "There is no route 'rest'." } },
    });
    await userEvent.click(await screen.findByRole("button", { name: "Send a test through nights" }));
    expect(await screen.findByText(/On its way to ops by Console, E-mail/)).toBeTruthy();
    expect(screen.getByText("n-7")).toBeTruthy();
    await userEvent.click(screen.getByRole("button", { name: "Send a test through rest" }));
    const rest = within(screen.getByRole("heading", { name: /rest$/ }).closest("li") as HTMLElement);
    expect((await rest.findByRole("alert")).textContent).toBe("There is no route 'rest'.");
    expect(calls.filter((call) => call.what.startsWith("POST")).length).toBe(2);
  });
});
