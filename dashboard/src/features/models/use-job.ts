import { type QueryKey, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { post } from "@/shared/api/client";
import { jobQuery } from "@/shared/api/queries";
import type { JobEvent } from "@/shared/api/types";

/**
 * Starts a job and follows it: events of the stream arrive in the same place as the poll's answers. When it has
 * succeeded, `makes` (a constant) is asked for again.
 */
export function useJob(makes: QueryKey) {
  const client = useQueryClient();
  const [id, setId] = useState<string>();
  const start = useMutation({
    mutationFn: (path: string) => post<JobEvent>(path),
    onSuccess: (job) => {
      client.setQueryData(jobQuery(job.id).queryKey, job);
      setId(job.id);
    },
  });
  const { data: job } = useQuery(jobQuery(id));
  const status = job?.status;
  useEffect(() => {
    if (status === "succeeded") void client.invalidateQueries({ queryKey: makes });
  }, [status, client, makes]);
  return { start: start.mutate, error: start.error, job, busy: start.isPending || status === "running" };
}
