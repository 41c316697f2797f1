import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { post } from "@/shared/api/client";
import { feedbackQuery } from "@/shared/api/queries";
import type { FeedbackEvent, FeedbackKind } from "@/shared/api/types";

/** The last word about an incident, and how to say another. What was accepted is shown at once; it is stored moments later. */
export function useFeedback(incident: string) {
  const client = useQueryClient();
  const { data: said } = useQuery(feedbackQuery(incident));
  const say = useMutation({
    mutationFn: (kind: FeedbackKind) =>
      post<FeedbackEvent>(`/api/incidents/${encodeURIComponent(incident)}/feedback`, { kind }),
    onSuccess: (word) => client.setQueryData(feedbackQuery(incident).queryKey, word),
  });
  return { said, say: say.mutate, busy: say.isPending, error: say.error };
}
