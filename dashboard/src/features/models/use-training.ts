import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { post } from "@/shared/api/client";
import { jobQuery, modelsQuery } from "@/shared/api/queries";
import type { JobEvent } from "@/shared/api/types";

/** Starts a training and follows its job: events of the stream arrive in the same place as the poll's answers. */
export function useTraining() {
  const client = useQueryClient();
  const [id, setId] = useState<string>();
  const start = useMutation({
    mutationFn: () => post<JobEvent>("/api/train"),
    onSuccess: (job) => {
      client.setQueryData(jobQuery(job.id).queryKey, job);
      setId(job.id);
    },
  });
  const { data: job } = useQuery(jobQuery(id));
  const status = job?.status;
  useEffect(() => {
    if (status === "succeeded") void client.invalidateQueries({ queryKey: modelsQuery.queryKey });
  }, [status, client]);
  return { start: () => start.mutate(), error: start.error, job, busy: start.isPending || status === "running" };
}
