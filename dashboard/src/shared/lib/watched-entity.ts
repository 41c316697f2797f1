import { useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { entitiesQuery } from "@/shared/api/queries";
import type { EntityInfo } from "@/shared/api/types";
import { useLocation } from "./router";
import { parseLiveView } from "./url-state";

const KEY = "forewarn.entity";

/** The address decides; then the last one looked at, if it still exists; then whoever was heard of last. */
export function chooseEntity(address: string, remembered: string, known: readonly EntityInfo[]): string {
  if (address) return address;
  if (known.some((info) => info.entity === remembered)) return remembered;
  // Heard within the same half minute counts as the same: without that, the choice would jump between living ones.
  const age = (info: EntityInfo): number => Math.floor(info.lastSeen / 30_000);
  return (
    [...known].sort((a, b) => age(b) - age(a) || b.series - a.series || a.entity.localeCompare(b.entity))[0]?.entity ??
    ""
  );
}

function remembered(): string {
  try {
    return localStorage.getItem(KEY) ?? "";
  } catch {
    return "";
  }
}

/** The entity in view, "" when there is none, undefined while that is not known. */
export function useWatchedEntity(): string | undefined {
  const { path, search } = useLocation();
  const address = path === "/" ? parseLiveView(search).entity : "";
  const { data, isError } = useQuery(entitiesQuery);
  const entity = address || data || isError ? chooseEntity(address, remembered(), data ?? []) : undefined;
  useEffect(() => {
    try {
      if (entity) localStorage.setItem(KEY, entity);
    } catch {
      // Not remembered: the address still carries it.
    }
  }, [entity]);
  return entity;
}
