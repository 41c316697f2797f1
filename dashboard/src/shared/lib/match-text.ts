import type { AlertMatch } from "@/shared/api/alert-types";
import { kindText } from "./kinds";

/** Which incidents are meant, in words: "web-*, team=shop, critical, level shift". */
export function matchText({ entity, labels, severity, kind }: AlertMatch): string {
  const parts = [
    entity,
    ...Object.entries(labels ?? {}).map(([name, value]) => `${name}=${value}`),
    (severity ?? []).join(" or "),
    (kind ?? []).map((one) => kindText(one).toLowerCase()).join(" or "),
  ].filter(Boolean);
  return parts.length > 0 ? parts.join(", ") : "Everything";
}
