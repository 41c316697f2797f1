import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, describe, expect, it, vi } from "vitest";
import { applyJob } from "@/shared/api/queries";
import type { JobEvent } from "@/shared/api/types";
import { TrainPanel } from "./train-panel";

const job: JobEvent = { id: "j1", kind: "train", status: "running", progress: 0.25, message: "growing trees", at: 1 };

function show(answer: Response) {
  vi.stubGlobal(
    "fetch",
    vi.fn(async () => answer.clone()),
  );
  const client = new QueryClient({ defaultOptions: { queries: { retry: false, staleTime: 60_000 } } });
  render(
    <QueryClientProvider client={client}>
      <TrainPanel />
    </QueryClientProvider>,
  );
  return client;
}

afterEach(() => vi.unstubAllGlobals());

describe("TrainPanel", () => {
  it("follows the job from start to the new model", async () => {
    const client = show(Response.json(job, { status: 202 }));
    await userEvent.click(screen.getByRole("button", { name: "Train now" }));
    expect((await screen.findByRole("progressbar")).getAttribute("aria-valuenow")).toBe("25");
    expect((screen.getByRole("button") as HTMLButtonElement).disabled).toBe(true);
    applyJob(client, { ...job, status: "succeeded", progress: 1, at: 2, model: "9f3ac1d07be24c55" });
    expect(await screen.findByText("Done: 9f3ac1d0")).toBeTruthy();
    expect((screen.getByRole("button") as HTMLButtonElement).disabled).toBe(false);
  });

  it.each([
    ["As configured", "/api/train"],
    ["Half-space trees", "/api/train?kind=half-space-trees"],
  ])("trains the kind that is chosen: %s", async (word, path) => {
    show(Response.json(job, { status: 202 }));
    await userEvent.selectOptions(screen.getByLabelText("Kind of model"), word);
    await userEvent.click(screen.getByRole("button", { name: "Train now" }));
    expect(vi.mocked(fetch).mock.calls[0]?.[0]).toBe(path);
  });

  it("shows the reason when it is refused", async () => {
    show(Response.json({ title: "Conflict", detail: "A training is already running." }, { status: 409 }));
    await userEvent.click(screen.getByRole("button", { name: "Train now" }));
    expect((await screen.findByRole("alert")).textContent).toBe("A training is already running.");
  });
});
