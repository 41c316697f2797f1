import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import { serverClock } from "@/shared/lib/time";
import type {
  AlertConfig,
  AlertMatch,
  BudgetInfo,
  LeadTime,
  LeadTimeSummary,
  Silence,
  SilencePreview,
} from "./alert-types";
import { get, post } from "./client";
import { getAll } from "./queries";
import type { Page, PredictionOutcome } from "./types";

const DAY_MS = 86_400_000;

/** Those that hold or will, and those that ended in the last week. */
export const silencesQuery = queryOptions({
  queryKey: ["silences"],
  queryFn: ({ signal }) => getAll<Silence>("/api/silences", { ended: "true" }, signal),
  refetchInterval: 30_000,
});

/** What a silence with this match would have kept quiet. The service wants a whole request, but only the match counts. */
export const silencePreviewQuery = (match: AlertMatch) =>
  queryOptions({
    queryKey: ["silences", "preview", match],
    queryFn: ({ signal }) => {
      const now = Math.round(serverClock.now());
      const request = { kind: "silence", match, from: now, to: now + 3_600_000, reason: "preview", who: "preview" };
      return post<SilencePreview>("/api/silences/preview", request, signal);
    },
    placeholderData: keepPreviousData,
    staleTime: 60_000,
  });

export const alertConfigQuery = queryOptions({
  queryKey: ["alerts", "config"],
  queryFn: ({ signal }) => get<AlertConfig>("/api/alerts/config", {}, signal),
  refetchInterval: 30_000,
});

export const budgetsQuery = queryOptions({
  queryKey: ["budgets"],
  queryFn: async ({ signal }) => (await get<Page<BudgetInfo>>("/api/budgets", {}, signal)).items,
  refetchInterval: 60_000,
});

export const leadTimeSummaryQuery = (days: number) =>
  queryOptions({
    queryKey: ["lead-times", "summary", days],
    queryFn: ({ signal }) => {
      const to = Math.round(serverClock.now());
      return get<LeadTimeSummary>("/api/lead-times/summary", { from: to - days * DAY_MS, to }, signal);
    },
    placeholderData: keepPreviousData,
    refetchInterval: 60_000,
  });

/** The ledger page by page, newest first. */
export const leadTimesQuery = (outcome: PredictionOutcome | "", entity: string) =>
  infiniteQueryOptions({
    queryKey: ["lead-times", "ledger", outcome, entity],
    queryFn: ({ signal, pageParam }) =>
      get<Page<LeadTime>>("/api/lead-times", { outcome, entity, cursor: pageParam }, signal),
    initialPageParam: "",
    getNextPageParam: (page) => page.next ?? undefined,
    placeholderData: keepPreviousData,
  });
