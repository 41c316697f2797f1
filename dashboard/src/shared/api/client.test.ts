import { afterEach, describe, expect, it, vi } from "vitest";
import { ApiError, get, remove } from "./client";

const answer = (response: Response) =>
  vi.stubGlobal(
    "fetch",
    vi.fn(async () => response),
  );
const problem = (body: object, status = 400) => answer(Response.json(body, { status }));
const failure = () => get("/api/x").catch((error: unknown) => error as ApiError) as Promise<ApiError>;

afterEach(() => vi.unstubAllGlobals());

describe("the one fetch", () => {
  it.each([
    [{ title: "Bad request", detail: "to lies in the past." }, "to lies in the past."],
    [{ title: "Unknown incident" }, "Unknown incident"],
    [{}, "The gateway answered 400."],
    [
      { title: "This cannot be silenced", errors: { to: ["to must be later than from."], who: ["who is missing."] } },
      "to must be later than from. who is missing.",
    ],
  ])("reads a problem document %o", async (body, text) => {
    problem(body);
    const error = await failure();
    expect(error).toBeInstanceOf(ApiError);
    expect([error.status, error.message]).toEqual([400, text]);
  });

  it("says that nobody answers", async () => {
    vi.stubGlobal(
      "fetch",
      vi.fn(() => Promise.reject(new TypeError("failed"))),
    );
    expect((await failure()).status).toBe(0);
  });

  it("takes an answer without content", async () => {
    answer(new Response(null, { status: 204 }));
    expect(await remove("/api/x")).toBeUndefined();
  });
});
