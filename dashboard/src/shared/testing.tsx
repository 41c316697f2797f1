import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { render } from "@testing-library/react";
import type { ReactNode } from "react";
import { vi } from "vitest";

type Answer = { status?: number; body: unknown };

/** Renders with a gateway that knows these answers, by "METHOD path"; anything else is not found. Bodies are kept. */
export function renderWith(answers: Record<string, Answer>, children: ReactNode) {
  const calls: { what: string; body?: unknown }[] = [];
  vi.stubGlobal(
    "fetch",
    vi.fn(async (path: string, init: RequestInit) => {
      const what = `${init.method} ${path}`;
      calls.push({ what, body: init.body ? JSON.parse(init.body as string) : undefined });
      const { status = 200, body } = answers[what] ?? { status: 404, body: { detail: `There is no ${path}.` } };
      return Response.json(body, { status });
    }),
  );
  const client = new QueryClient({ defaultOptions: { queries: { retry: false, staleTime: 60_000 } } });
  render(<QueryClientProvider client={client}>{children}</QueryClientProvider>);
  return { client, calls };
}
