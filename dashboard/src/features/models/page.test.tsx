import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { render, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, describe, expect, it, vi } from "vitest";
import { applyJob, mergeJob } from "@/shared/api/queries";
import type { JobEvent, ModelComparison, ModelInfo } from "@/shared/api/types";
import { allowedOpenings } from "./comparison";
import ModelsPage from "./page";

const champion: ModelInfo = {
  version: "aaaaaaaaaaaaaaaa",
  state: "champion",
  kind: "isolation-forest",
  group: "any",
  featureSpec: "f2",
  rowSpec: "r2",
  sha256: "aa",
  sizeBytes: 1000,
  createdAt: 1,
  trainedOn: "history",
  rows: 20_000,
  replaced: "cccccccccccccccc",
};
const comparison: ModelComparison = {
  against: champion.version,
  since: 1,
  ticks: 7 * 24 * 3600,
  championOpenings: 5,
  challengerOpenings: 3,
  falseAlarmsPerWeek: 2,
  agreement: 0.91,
  at: 2,
};
const challenger: ModelInfo = {
  ...champion,
  version: "bbbbbbbbbbbbbbbb",
  state: "challenger",
  kind: "autoencoder",
  replaced: null,
  reason: "On trial beside aaaaaaaaaaaaaaaa.",
  comparison,
};
const job: JobEvent = {
  id: "j1",
  kind: "train",
  trigger: "drift",
  status: "running",
  progress: 0.4,
  message: "growing trees",
  at: 1,
};

function show(answers: Record<string, unknown>) {
  const calls: string[] = [];
  vi.stubGlobal(
    "fetch",
    vi.fn(async (path: string, init?: RequestInit) => {
      calls.push(`${init?.method} ${path}`);
      const answer = answers[path];
      return answer
        ? Response.json(answer)
        : Response.json({ title: "Conflict", detail: "It is busy." }, { status: 409 });
    }),
  );
  const client = new QueryClient({ defaultOptions: { queries: { retry: false, staleTime: 60_000 } } });
  render(
    <QueryClientProvider client={client}>
      <ModelsPage />
    </QueryClientProvider>,
  );
  return { client, calls };
}

const all = {
  "/api/models": { items: [challenger, champion] },
  "/api/jobs": { items: [job] },
  "/api/status": { services: [], model: champion.version, at: 1 },
  "/api/models/drift": { model: null, summary: "", bound: 0.2, hours: 0, ticks: 0, features: [] },
  "/api/feedback/preview": { champion: champion.version, entities: [], labels: { spans: [] } },
  "/api/training/exclusions": { items: [] },
};

afterEach(() => vi.unstubAllGlobals());

describe("ModelsPage", () => {
  it("shows how a challenger does beside the champion, and why it is there", async () => {
    show(all);
    const trial = await screen.findByRole("region", { name: `Compared with ${champion.version}` });
    expect(within(trial).getByText("3 decisions")).toBeTruthy();
    expect(within(trial).getByText("5 decisions")).toBeTruthy();
    expect(within(trial).getByText("2.0")).toBeTruthy();
    expect(within(trial).getByText("91 %")).toBeTruthy();
    expect(screen.getByText("On trial beside aaaaaaaaaaaaaaaa.")).toBeTruthy();
  });

  it("marks a version that was rolled back", async () => {
    show({
      ...all,
      "/api/models": { items: [{ ...champion, state: "retired", rolledBackAt: Date.now() - 7_200_000 }] },
    });
    expect(await screen.findByText("Rolled back 2 h ago")).toBeTruthy();
  });

  it("promotes after a second click only", async () => {
    const { calls } = show({ ...all, [`/api/models/${challenger.version}/promote`]: champion });
    await userEvent.click(await screen.findByRole("button", { name: "Make champion" }));
    expect(calls.some((call) => call.startsWith("POST"))).toBe(false);
    await userEvent.click(screen.getByRole("button", { name: "Yes" }));
    expect(calls).toContain(`POST /api/models/${challenger.version}/promote`);
  });

  it("keeps the champion when the answer is no", async () => {
    const { calls } = show(all);
    await userEvent.click(await screen.findByRole("button", { name: "Roll back" }));
    expect(screen.getByText("Go back to cccccccc?")).toBeTruthy();
    await userEvent.click(screen.getByRole("button", { name: "No" }));
    expect(screen.getByRole("button", { name: "Roll back" })).toBeTruthy();
    expect(calls.some((call) => call.startsWith("POST"))).toBe(false);
  });

  it("says why a rollback was refused", async () => {
    show(all);
    await userEvent.click(await screen.findByRole("button", { name: "Roll back" }));
    await userEvent.click(screen.getByRole("button", { name: "Yes" }));
    expect((await screen.findByRole("alert")).textContent).toBe("It is busy.");
  });

  it("lists trainings with what set them off, and follows their progress", async () => {
    const { client } = show(all);
    expect(await screen.findByText("What is measured has moved")).toBeTruthy();
    expect(screen.getByRole("progressbar").getAttribute("aria-valuenow")).toBe("40");
    applyJob(client, { ...job, status: "failed", message: "History is away.", at: 2 });
    expect(await screen.findByText("History is away.")).toBeTruthy();
    expect(screen.queryByRole("progressbar")).toBeNull();
  });
});

describe("mergeJob", () => {
  it("puts a new job first and lets no overtaken event back in", () => {
    const later = { ...job, progress: 0.9, at: 5 };
    expect(mergeJob([later], job)).toEqual([later]);
    expect(mergeJob([job], later)).toEqual([later]);
    expect(mergeJob([job], { ...job, id: "j2" }).map((one) => one.id)).toEqual(["j2", "j1"]);
  });
});

describe("allowedOpenings", () => {
  it("is the budget over the ticks that were compared", () => {
    expect(allowedOpenings({ ...comparison, ticks: 3.5 * 24 * 3600 })).toBe(1);
    expect(allowedOpenings({ ...comparison, falseAlarmsPerWeek: null })).toBeNull();
  });
});
