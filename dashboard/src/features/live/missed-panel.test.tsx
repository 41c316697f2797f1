import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { fireEvent, render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, describe, expect, it, vi } from "vitest";
import { fromLocalInput, toLocalInput } from "@/shared/lib/local-input";
import { MissedPanel } from "./missed-panel";

const END = new Date(2026, 0, 31, 10, 30, 15).getTime();

function show(answer: () => Response) {
  const fetched = vi.fn(async (_path: string, _init: RequestInit) => answer());
  vi.stubGlobal("fetch", fetched);
  render(
    <QueryClientProvider client={new QueryClient()}>
      <MissedPanel entity="web-1" at={END} />
    </QueryClientProvider>,
  );
  return fetched;
}

afterEach(() => vi.unstubAllGlobals());

describe("MissedPanel", () => {
  it("reports the ten minutes before the moment in view, or whatever is chosen", async () => {
    const fetched = show(() => Response.json({}, { status: 202 }));
    await userEvent.click(screen.getByText("Something was missed here"));
    fireEvent.change(screen.getByLabelText("To"), { target: { value: "2026-01-31T10:29:00" } });
    await userEvent.click(screen.getByRole("button", { name: "Report" }));
    expect(await screen.findByText(/^Reported/)).toBeTruthy();
    const [path, init] = fetched.mock.calls[0] as [string, RequestInit];
    expect(path).toBe("/api/feedback");
    expect(JSON.parse(init.body as string)).toEqual({
      kind: "missed",
      entity: "web-1",
      from: END - 600_000,
      to: END - 75_000,
    });
  });

  it("does not send a time that ends before it begins", async () => {
    show(() => Response.json({}));
    await userEvent.click(screen.getByText("Something was missed here"));
    fireEvent.change(screen.getByLabelText("From"), { target: { value: "2026-01-31T11:00:00" } });
    expect((screen.getByRole("button", { name: "Report" }) as HTMLButtonElement).disabled).toBe(true);
  });

  it("shows the reason of a refusal", async () => {
    show(() => Response.json({ detail: "from and to must lie in the past." }, { status: 400 }));
    await userEvent.click(screen.getByText("Something was missed here"));
    await userEvent.click(screen.getByRole("button", { name: "Report" }));
    expect((await screen.findByRole("alert")).textContent).toBe("from and to must lie in the past.");
  });
});

describe("local input", () => {
  it("keeps the second both ways and knows what is no time", () => {
    expect(fromLocalInput(toLocalInput(END))).toBe(END);
    expect(fromLocalInput("")).toBeNull();
  });
});
