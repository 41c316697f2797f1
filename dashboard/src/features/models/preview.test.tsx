import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, describe, expect, it, vi } from "vitest";
import { applyJob } from "@/shared/api/queries";
import type { FeedbackPreview, JobEvent } from "@/shared/api/types";
import { renderWith } from "@/shared/testing";
import { Preview } from "./preview";

const job: JobEvent = { id: "j1", kind: "preview", status: "running", progress: 0.5, message: "reading", at: 1 };
const preview: FeedbackPreview = {
  job: "j1",
  at: 1,
  champion: "aa",
  falseAlarms: 1,
  useful: 2,
  missed: 0,
  entities: [
    { entity: "web-1", from: 0, to: 86_400_000, ticks: 9, before: 5, after: 3 },
    { entity: "web-2", from: 0, to: 86_400_000, ticks: 9, before: 1, after: 1 },
  ],
  entitiesLeftOut: 4,
  labels: {
    at: 1,
    incidents: 2,
    championFound: 1,
    challengerFound: 2,
    falseAlarms: 0,
    championRepeated: 0,
    challengerRepeated: 0,
    unread: 0,
    spans: [],
  },
};
const START = "Preview what feedback would change";

afterEach(() => vi.unstubAllGlobals());

describe("Preview", () => {
  it("follows the job and then shows before and after", async () => {
    const answers: Parameters<typeof renderWith>[0] = {
      "GET /api/jobs": { body: { items: [] } },
      "GET /api/feedback/preview": { body: preview },
      "POST /api/feedback/preview?days=7": { status: 202, body: job },
    };
    const { client, calls } = renderWith(answers, <Preview now={1} />);
    await userEvent.selectOptions(screen.getByLabelText("Over the last"), "7 days");
    await userEvent.click(screen.getByRole("button", { name: START }));
    expect((await screen.findByRole("progressbar")).getAttribute("aria-valuenow")).toBe("50");
    expect(screen.queryByRole("alert")).toBeNull();
    expect(calls.map((call) => call.what)).not.toContain("GET /api/feedback/preview");
    answers["GET /api/jobs"] = { body: { items: [{ ...job, status: "succeeded", at: 2 }] } };
    applyJob(client, { ...job, status: "succeeded", progress: 1, at: 2 });
    const rows = (await screen.findAllByRole("row")).map((row) => row.textContent);
    expect(rows.slice(1)).toEqual(["web-11 d53", "web-21 d11"]);
    const facts = screen.getAllByRole("definition").map((fact) => fact.textContent);
    expect(facts).toEqual(["6", "4", "1 false alarm", "2 incidents", "0 times"]);
    expect(screen.getByText("No room was left for 4 more.")).toBeTruthy();
    expect(screen.getByText(/the model with the feedback would have told of/)).toBeTruthy();
    expect((screen.getByRole("button", { name: START }) as HTMLButtonElement).disabled).toBe(false);
  });

  it("shows the newest one that was made before, and says when history held nothing", async () => {
    const jobs = [
      { ...job, id: "j3", status: "failed" },
      { ...job, kind: "train", status: "succeeded", id: "j2" },
      { ...job, status: "succeeded" },
    ];
    renderWith(
      {
        "GET /api/jobs": { body: { items: jobs } },
        "GET /api/feedback/preview": { body: { ...preview, entities: [] } },
      },
      <Preview now={1} />,
    );
    expect(await screen.findByText("History held nothing to compare on.")).toBeTruthy();
  });

  it("shows why one was refused", async () => {
    renderWith(
      {
        "GET /api/jobs": { body: { items: [] } },
        "POST /api/feedback/preview?days=1": {
          status: 409,
          body: { detail: "Job j0 (train) runs; wait for its end." },
        },
      },
      <Preview now={1} />,
    );
    await userEvent.click(screen.getByRole("button", { name: START }));
    expect((await screen.findByRole("alert")).textContent).toBe("Job j0 (train) runs; wait for its end.");
  });
});
