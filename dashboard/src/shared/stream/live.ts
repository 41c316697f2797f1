import { queryClient } from "@/shared/api/query-client";
import { StreamHub } from "./hub";

/** The tab's connection. */
export const hub = new StreamHub(queryClient);
