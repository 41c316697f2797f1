import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { Silence } from "@/shared/api/alert-types";
import { renderWith } from "@/shared/testing";
import SilencesPage from "./page";

const HOUR = 3_600_000;
const LIST = "GET /api/silences?ended=true";
const PREVIEW = "POST /api/silences/preview";

const silence = (id: string, from: number, to: number, fields: Partial<Silence> = {}): Silence => ({
  id,
  kind: "silence",
  match: { entity: id },
  from: Date.now() + from * HOUR,
  to: Date.now() + to * HOUR,
  reason: "Known",
  who: "oskar",
  at: Date.now(),
  ...fields,
});

function show(silences: Silence[], answers: Parameters<typeof renderWith>[0] = {}) {
  const known: Parameters<typeof renderWith>[0] = {
    [LIST]: { body: { items: silences } },
    "GET /api/entities": { body: { items: [{ entity: "web-1" }] } },
    [PREVIEW]: { body: { from: Date.now() - 168 * HOUR, incidents: 12, muted: 0, examples: [] } },
    ...answers,
  };
  return { answers: known, ...renderWith(known, <SilencesPage />) };
}

afterEach(() => vi.unstubAllGlobals());

describe("SilencesPage", () => {
  it("tells active, coming and past ones apart", async () => {
    show([silence("over", -3, -2), silence("later", 5, 6), silence("now", -1, 1, { kind: "maintenance" })]);
    const at = async (name: string) => (await screen.findByRole("region", { name })).textContent;
    expect(await at("Active")).toMatch(/Maintenancenow.*Known.*oskar/);
    expect(await at("Coming")).toMatch(/later.*begins in/);
    expect(await at("Past")).toContain("over");
    expect(within(screen.getByRole("region", { name: "Past" })).queryByRole("button")).toBeNull();
  });

  it("says that nothing is silenced", async () => {
    show([]);
    expect(await screen.findByText("Nothing is silenced")).toBeTruthy();
  });

  it("ends one after a second thought, and shows the list as it is then", async () => {
    const { answers, calls } = show([silence("db-*", -1, 1, { id: "s/1" })], {
      "DELETE /api/silences/s%2F1": { body: {} },
    });
    await userEvent.click(await screen.findByRole("button", { name: "End now: db-*" }));
    expect(calls.some((call) => call.what.startsWith("DELETE"))).toBe(false);
    answers[LIST] = { body: { items: [] } };
    await userEvent.click(screen.getByRole("button", { name: "Yes" }));
    expect(await screen.findByText("Nothing is silenced")).toBeTruthy();
    expect(calls.map((call) => call.what)).toContain("DELETE /api/silences/s%2F1");
  });

  it("shows what a silence would have muted while it is filled in, and makes it", async () => {
    window.history.replaceState(null, "", "/silences?new=1&entity=web-1&kind=level&reason=Known");
    const example = { id: "i", entity: "web-1", severity: "warning", summary: "Slow", openedAt: 1 };
    const { answers, calls } = show([], {
      [PREVIEW]: { body: { from: Date.now() - 168 * HOUR, incidents: 12, muted: 3, examples: [example] } },
      "POST /api/silences": { status: 201, body: {} },
    });
    expect(await screen.findByText("3 of 12 incidents told in the last week.")).toBeTruthy();
    expect(screen.getByRole("link", { name: "Slow" }).getAttribute("href")).toBe("/incidents/i");
    await userEvent.type(screen.getByLabelText(/^Attributes/), "team=shop");
    await userEvent.click(screen.getByLabelText("Info"));
    const match = { entity: "web-1", labels: { team: "shop" }, severity: ["info"], kind: ["level"] };
    await waitFor(() => expect(calls.filter((call) => call.what === PREVIEW).at(-1)?.body).toMatchObject({ match }));

    await userEvent.click(screen.getByRole("button", { name: "Silence" }));
    expect((await screen.findByRole("alert")).textContent).toBe("Say who you are.");
    await userEvent.type(screen.getByLabelText("Your name"), "nadia");
    answers[LIST] = { body: { items: [silence("web-1", 0, 1)] } };
    const before = Date.now();
    await userEvent.click(screen.getByRole("button", { name: "Silence" }));
    expect(await screen.findByRole("region", { name: "Active" })).toBeTruthy();
    const sent = calls.find((call) => call.what === "POST /api/silences")?.body as Silence;
    expect(sent).toMatchObject({ kind: "silence", match, reason: "Known", who: "nadia" });
    expect(sent.to).toBeGreaterThanOrEqual(before + HOUR - 1000);
    expect(window.location.search).toBe("");
  });

  it("keeps the form when the platform refuses, and says why", async () => {
    window.history.replaceState(null, "", "/silences?new=1&reason=Known");
    localStorage.setItem("forewarn.who", "nadia");
    show([], { "POST /api/silences": { status: 400, body: { detail: "to: more than 90 days from now." } } });
    await userEvent.click(await screen.findByRole("button", { name: "Silence" }));
    expect((await screen.findByRole("alert")).textContent).toBe("to: more than 90 days from now.");
    expect((screen.getByLabelText("Reason") as HTMLInputElement).value).toBe("Known");
  });
});
