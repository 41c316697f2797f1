import { useMutation, useQueryClient } from "@tanstack/react-query";
import { post } from "@/shared/api/client";
import { applyIncident, incidentQuery, incidentsQuery } from "@/shared/api/queries";
import type { IncidentEvent, Page } from "@/shared/api/types";
import { signature, who } from "@/shared/lib/who";

/** What a person does to an incident; the name kept in this browser goes along. */
export type IncidentAction =
  | { verb: "acknowledge" | "resolve"; text?: string }
  | { verb: "comment"; text: string }
  | { verb: "assign"; assignee: string | null };

/**
 * Nothing is shown as done before the platform has said so: its answer is the incident as it is then. Lists are asked for
 * again only after a refusal, when somebody else was faster: they come from history, which is a moment behind the answer.
 */
export function useIncidentAction(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ verb, ...rest }: IncidentAction) =>
      post<IncidentEvent>(`/api/incidents/${encodeURIComponent(id)}/${verb}`, { ...rest, who: signature(who()) }),
    onSuccess: (incident) => applyIncident(client, incident),
    onError: () =>
      Promise.all([
        client.invalidateQueries({ queryKey: incidentsQuery.queryKey }),
        client.invalidateQueries({ queryKey: incidentQuery(id).queryKey }),
      ]),
  });
}

/** Something was changed on purpose; every open incident of the entity hears of it, and is in the answer. */
export function useChange() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ entity, text }: { entity: string; text: string }) =>
      post<Partial<Page<IncidentEvent>>>("/api/changes", { entity, text, who: signature(who()) }),
    onSuccess: ({ items }) => {
      for (const incident of items ?? []) applyIncident(client, incident);
    },
  });
}
