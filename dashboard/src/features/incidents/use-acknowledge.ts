import { useMutation, useQueryClient } from "@tanstack/react-query";
import { post } from "@/shared/api/client";
import { incidentsQuery } from "@/shared/api/queries";

/** Acknowledging says "someone is on it". The new state arrives as an event; asking again covers a lost one. */
export function useAcknowledge(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => post<unknown>(`/api/incidents/${encodeURIComponent(id)}/acknowledge`),
    onSettled: () =>
      Promise.all([
        client.invalidateQueries({ queryKey: incidentsQuery.queryKey }),
        client.invalidateQueries({ queryKey: ["incident", id] }),
      ]),
  });
}
