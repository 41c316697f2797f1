import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { IncidentEvent } from "@/shared/api/types";
import { renderWith } from "@/shared/testing";
import IncidentPage from "./detail-page";
import { incidentOf } from "./testing";

const PATH = "/api/incidents/i";
const incident = incidentOf({
  entity: "db",
  entities: ["db", "web-1"],
  kind: "level",
  summary: "Disk is slow",
  startedAt: 10_000,
  probableCause: "db moved first; web-1 followed after 12 s.",
  symptoms: [
    {
      entity: "web-1",
      cause: "behaviour",
      kind: "level",
      summary: "Requests are slow",
      since: 22_000,
      lastT: 30_000,
      why: "team=shop, request latency",
    },
  ],
  symptomCount: 3,
  timeline: [{ at: 30_000, what: "commented", who: "oskar", text: "Is it the backup?" }],
  deliveries: [
    { receiver: "on-call", channel: "email", notification: "n-1", status: "sent", attempts: 1, at: 12_000 },
    {
      receiver: "shop",
      channel: "slack",
      notification: "n-2",
      status: "retrying",
      attempts: 3,
      at: 13_000,
      error: "503 Service Unavailable",
    },
  ],
});
const region = (name: string | RegExp) => within(screen.getByRole("region", { name }));

function show(shown: IncidentEvent, answers: Parameters<typeof renderWith>[0] = {}) {
  return renderWith(
    {
      [`GET ${PATH}`]: { body: shown },
      "GET /api/feedback?incident=i&limit=1": { body: { items: [] } },
      "GET /api/silences?ended=true": { body: { items: [] } },
      ...answers,
    },
    <IncidentPage id="i" />,
  );
}

afterEach(() => vi.unstubAllGlobals());

describe("IncidentPage", () => {
  it("shows an alert of another system with its labels and links, and no link that is none of the web", async () => {
    show(
      incidentOf({
        kind: "external",
        labels: { alertname: "DiskFull", team: "shop" },
        links: { runbook: "https://runbooks.example.com/disk", source: "javascript:alert(1)" },
      }),
    );
    expect(await screen.findByText("External alert")).toBeTruthy();
    expect(screen.getByText("DiskFull")).toBeTruthy();
    const link = screen.getByRole("link", { name: "https://runbooks.example.com/disk" });
    expect(link.getAttribute("rel")).toBe("noopener noreferrer");
    expect(screen.queryByText(/javascript:/)).toBeNull();
  });

  it("says who moved first, who followed, how much later and why they are told together", async () => {
    show(incident);
    await screen.findByRole("heading", { name: "Disk is slow", level: 1 });
    const cause = region("Probable cause");
    expect(cause.getByText("db moved first; web-1 followed after 12 s.")).toBeTruthy();
    expect(cause.getByText("+12 s")).toBeTruthy();
    expect(cause.getByText("Folded because: team=shop, request latency")).toBeTruthy();
    expect(cause.getByText("2 more symptoms counted, but not listed.")).toBeTruthy();
    const links = cause.getAllByRole("link", { name: "web-1" }).map((link) => link.getAttribute("href"));
    expect(links).toContain("/?entity=web-1&at=22000");
  });

  it("tells what did not get through before what did, with the id to look for", async () => {
    show(incident);
    await screen.findByRole("heading", { name: "Who was told" });
    const [first, second] = region("Who was told").getAllByRole("listitem");
    expect(first?.textContent).toContain("Retryingshop");
    expect(first?.textContent).toContain("3 attempts");
    expect(first?.textContent).toContain("503 Service Unavailable");
    expect(first?.textContent).toContain("n-2");
    expect(second?.textContent).toContain("Senton-call");
  });

  it("shows a storm as one", async () => {
    show({ ...incident, storm: true, probableCause: null, symptomCount: 136 });
    expect(await screen.findByRole("heading", { name: "A storm, told as one" })).toBeTruthy();
    expect(screen.getByText(/137 findings on 2 listed entities/)).toBeTruthy();
  });

  it("says what became of a prediction", async () => {
    show({
      ...incident,
      prediction: {
        series: "s",
        name: "system.filesystem.utilization",
        unit: "1",
        limit: 0.9,
        saidAt: 0,
        earliestAt: 600_000,
        predictedAt: 1_200_000,
        latestAt: 2_400_000,
        probability: 0.82,
        outcome: "confirmed",
        outcomeAt: 1_260_000,
      },
    });
    await screen.findByRole("heading", { name: "Disk space used reaching 90%" });
    const card = region("Disk space used reaching 90%");
    expect(card.getByText("Confirmed")).toBeTruthy();
    expect(card.getByText("It was hit 1 min later than said, 21 min after the warning.")).toBeTruthy();
    expect(card.getByText("82 %")).toBeTruthy();
    expect(card.getByText("21 min")).toBeTruthy();
  });

  it("says by which silence nobody is told", async () => {
    const silence = { id: "sil-1", match: {}, from: 0, to: 1, at: 0, kind: "silence", reason: "Move", who: "oskar" };
    show({ ...incident, mutedBy: "sil-1" }, { "GET /api/silences?ended=true": { body: { items: [silence] } } });
    expect(await screen.findByText(/by oskar: Move/)).toBeTruthy();
  });

  it("names what is not there", async () => {
    renderWith({}, <IncidentPage id="gone" />);
    expect((await screen.findByRole("alert")).textContent).toContain("There is no such incident");
  });
});

describe("what a person can do about it", () => {
  const posts = (calls: { what: string; body?: unknown }[]) => calls.filter((call) => call.what.startsWith("POST"));

  it("assigns to oneself under the remembered name", async () => {
    localStorage.setItem("forewarn.who", "nadia");
    const { calls } = show(incident, {
      [`POST ${PATH}/assign`]: { body: { ...incident, revision: 2, assignee: "nadia" } },
    });
    await userEvent.click(await screen.findByRole("button", { name: "Assign" }));
    await userEvent.click(screen.getByRole("button", { name: "To me" }));
    expect(await screen.findByText("Assigned to")).toBeTruthy();
    expect(posts(calls)).toEqual([{ what: `POST ${PATH}/assign`, body: { assignee: "nadia", who: "nadia" } }]);
  });

  it("takes an assignment back with a null", async () => {
    const { calls } = show(
      { ...incident, assignee: "oskar" },
      { [`POST ${PATH}/assign`]: { body: { ...incident, revision: 2, assignee: null } } },
    );
    await userEvent.click(await screen.findByRole("button", { name: "Assign" }));
    await userEvent.click(screen.getByRole("button", { name: "To nobody" }));
    await waitFor(() => expect(screen.queryByText("Assigned to")).toBeNull());
    expect(posts(calls)[0]?.body).toEqual({ assignee: null });
  });

  it("comments, and keeps what was typed when it is refused", async () => {
    const answers: Parameters<typeof renderWith>[0] = {
      [`POST ${PATH}/comment`]: { status: 503, body: { detail: "alerting does not answer." } },
    };
    const { calls } = show(incident, answers);
    const field = (await screen.findByRole("textbox", { name: "Comment" })) as HTMLTextAreaElement;
    await userEvent.type(field, " on it ");
    await userEvent.click(screen.getByRole("button", { name: "Comment" }));
    expect((await screen.findByRole("alert")).textContent).toBe("alerting does not answer.");
    expect(field.value).toBe(" on it ");
    expect(posts(calls)[0]?.body).toEqual({ text: "on it" });
  });

  it("resolves with what it was, and offers no more than silence and comments after that", async () => {
    const { calls } = show(incident, {
      [`POST ${PATH}/resolve`]: { body: { ...incident, revision: 2, status: "resolved", resolvedAt: 40_000 } },
    });
    await userEvent.click(await screen.findByRole("button", { name: "Resolve" }));
    await userEvent.type(screen.getByLabelText("What it was"), "backup");
    await userEvent.type(screen.getByLabelText("Your name"), "nadia");
    await userEvent.click(screen.getByRole("button", { name: "Resolve now" }));
    await waitFor(() => expect(screen.queryByRole("button", { name: "Resolve now" })).toBeNull());
    expect(posts(calls)[0]?.body).toEqual({ text: "backup", who: "nadia" });
    expect(localStorage.getItem("forewarn.who")).toBe("nadia");
    for (const name of ["Acknowledge", "Assign", "Resolve", "Record a change"])
      expect(screen.queryByRole("button", { name }), name).toBeNull();
    expect(screen.getByRole("link", { name: "Silence this" })).toBeTruthy();
  });

  it("records a change where it was made", async () => {
    const { calls } = show(incident, {
      "POST /api/changes": { body: { items: [{ ...incident, revision: 2, summary: "Disk is better" }] } },
    });
    await userEvent.click(await screen.findByRole("button", { name: "Record a change" }));
    await userEvent.selectOptions(screen.getByLabelText("Entity"), "web-1");
    await userEvent.type(screen.getByLabelText("What was changed"), "rolled back 2.4");
    await userEvent.click(screen.getByRole("button", { name: "Record" }));
    expect(await screen.findByRole("heading", { name: "Disk is better", level: 1 })).toBeTruthy();
    expect(posts(calls)[0]?.body).toEqual({ entity: "web-1", text: "rolled back 2.4" });
  });

  it("opens the silence form filled in", async () => {
    show(incident);
    expect((await screen.findByRole("link", { name: "Silence this" })).getAttribute("href")).toBe(
      "/silences?new=1&entity=db&kind=level&reason=Known%3A+incident+i",
    );
  });

  it("listens to keys, but not while somebody types", async () => {
    const { calls } = show(incident, {
      [`POST ${PATH}/acknowledge`]: { body: { ...incident, revision: 2, status: "acknowledged" } },
    });
    await screen.findByRole("button", { name: "Acknowledge" });
    await userEvent.keyboard("c");
    const field = screen.getByRole("textbox", { name: "Comment" }) as HTMLTextAreaElement;
    expect(document.activeElement).toBe(field);
    await userEvent.keyboard("a");
    expect(field.value).toBe("a");
    expect(posts(calls)).toEqual([]);
    field.blur();
    await userEvent.keyboard("r");
    expect(screen.getByRole("button", { name: "Resolve now" })).toBeTruthy();
    await userEvent.type(screen.getByLabelText("What it was"), "x{Escape}");
    expect(screen.queryByRole("button", { name: "Resolve now" })).toBeNull();
    await userEvent.keyboard("a");
    expect(await screen.findByText("Acknowledged")).toBeTruthy();
    expect(posts(calls).map((call) => call.what)).toEqual([`POST ${PATH}/acknowledge`]);
  });
});
