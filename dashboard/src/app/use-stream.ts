import { useEffect } from "react";
import { useWatchedEntity } from "@/shared/lib/watched-entity";
import { hub } from "@/shared/stream/live";

/** Keeps the tab's one connection on the entity that is watched, whichever page is open. */
export function useStream(): void {
  const entity = useWatchedEntity();
  useEffect(() => {
    if (entity !== undefined) hub.connect(entity);
  }, [entity]);
}
