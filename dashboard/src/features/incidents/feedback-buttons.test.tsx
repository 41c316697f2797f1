import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { FeedbackEvent } from "@/shared/api/types";
import { FeedbackButtons } from "./feedback-buttons";

const word: FeedbackEvent = { id: "f", kind: "useful", entity: "host", incident: "i/1", from: 1, at: 1000 };

function show(stored: FeedbackEvent[], answer: () => Response) {
  const fetched = vi.fn(async (_path: string, init: RequestInit) =>
    init.method === "POST" ? answer() : Response.json({ items: stored }),
  );
  vi.stubGlobal("fetch", fetched);
  const client = new QueryClient({ defaultOptions: { queries: { retry: false, staleTime: 60_000 } } });
  render(
    <QueryClientProvider client={client}>
      <FeedbackButtons incident="i/1" />
    </QueryClientProvider>,
  );
  return fetched;
}

const pressed = (name: string) => screen.getByRole("button", { name }).getAttribute("aria-pressed");

afterEach(() => vi.unstubAllGlobals());

describe("FeedbackButtons", () => {
  it("shows the last word, and the next one as soon as it is accepted", async () => {
    const fetched = show([word], () => Response.json({ ...word, kind: "false-alarm", at: 2000 }, { status: 202 }));
    expect(await screen.findByText(/the next training learns it/)).toBeTruthy();
    expect(pressed("Useful")).toBe("true");
    await userEvent.click(screen.getByRole("button", { name: "False alarm" }));
    await vi.waitFor(() => expect(pressed("False alarm")).toBe("true"));
    expect(pressed("Useful")).toBe("false");
    const posts = fetched.mock.calls.filter(([, init]) => init.method === "POST");
    expect(posts.map(([path, init]) => [path, init.body])).toEqual([
      ["/api/incidents/i%2F1/feedback", '{"kind":"false-alarm"}'],
    ]);
  });

  it("says why a word was not taken and keeps what was said before", async () => {
    show([], () => Response.json({ detail: "There is no incident 'i/1'." }, { status: 404 }));
    await userEvent.click(await screen.findByRole("button", { name: "Useful" }));
    expect((await screen.findByRole("alert")).textContent).toBe("There is no incident 'i/1'.");
    expect(pressed("Useful")).toBe("false");
  });
});
