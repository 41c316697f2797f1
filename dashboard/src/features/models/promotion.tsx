import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { apiPath, post } from "@/shared/api/client";
import { modelsQuery } from "@/shared/api/queries";
import type { ModelInfo } from "@/shared/api/types";
import { Button } from "@/shared/ui/button";

export const PromoteButton = ({ version }: { version: string }) => (
  <Confirmed
    label="Make champion"
    question={`Let ${version.slice(0, 8)} decide from now on?`}
    path={`/api/models/${encodeURIComponent(version)}/promote`}
  />
);

export const RollbackButton = ({ group, to }: { group: string; to: string }) => (
  <Confirmed
    label="Roll back"
    question={`Go back to ${to.slice(0, 8)}?`}
    path={apiPath("/api/models/rollback", { group })}
  />
);

/** Changes who decides about every alert, so it takes a second click; the new state arrives with the list. */
function Confirmed({ label, question, path }: { label: string; question: string; path: string }) {
  const client = useQueryClient();
  const [asking, setAsking] = useState(false);
  const change = useMutation({
    mutationFn: () => post<ModelInfo>(path),
    onSettled: () => {
      setAsking(false);
      return client.invalidateQueries({ queryKey: modelsQuery.queryKey });
    },
  });
  return (
    <span className="inline-flex flex-wrap items-center justify-end gap-2">
      {change.error && (
        <span role="alert" className="text-alarm text-xs">
          {change.error.message}
        </span>
      )}
      {asking ? (
        <>
          <span className="text-ink-soft text-sm">{question}</span>
          <Button look="primary" onClick={() => change.mutate()} disabled={change.isPending}>
            {change.isPending ? "Changing…" : "Yes"}
          </Button>
          <Button onClick={() => setAsking(false)} disabled={change.isPending}>
            No
          </Button>
        </>
      ) : (
        <Button onClick={() => setAsking(true)}>{label}</Button>
      )}
    </span>
  );
}
