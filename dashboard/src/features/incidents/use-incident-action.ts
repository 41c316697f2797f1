import { useMutation, useQueryClient } from "@tanstack/react-query";
import { post } from "@/shared/api/client";
import { applyIncident, incidentQuery, incidentsQuery } from "@/shared/api/queries";
import type { IncidentEvent } from "@/shared/api/types";
import { signature, who } from "@/shared/lib/who";

/** What a person does to an incident; the name kept in this browser goes along. */
export type IncidentAction =
  | { verb: "acknowledge" | "resolve"; text?: string }
  | { verb: "comment"; text: string }
  | { verb: "assign"; assignee: string | null };

/** Nothing is shown as done before the platform has said so: its answer is the incident as it is then. */
export function useIncidentAction(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ verb, ...rest }: IncidentAction) =>
      post<IncidentEvent>(`/api/incidents/${encodeURIComponent(id)}/${verb}`, { ...rest, who: signature(who()) }),
    onSuccess: (incident) => applyIncident(client, incident),
    // After a refusal, too: it mostly means that somebody else was faster.
    onSettled: () => askAgain(client, id),
  });
}

/** Something was changed on purpose; every open incident of the entity hears of it. */
export function useChange(incident: IncidentEvent) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ entity, text }: { entity: string; text: string }) =>
      post<unknown>("/api/changes", { entity, text, who: signature(who()) }),
    onSettled: () => askAgain(client, incident.id),
  });
}

const askAgain = (client: ReturnType<typeof useQueryClient>, id: string) =>
  Promise.all([
    client.invalidateQueries({ queryKey: incidentsQuery.queryKey }),
    client.invalidateQueries({ queryKey: incidentQuery(id).queryKey }),
  ]);
