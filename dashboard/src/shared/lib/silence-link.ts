import type { AlertMatch } from "@/shared/api/alert-types";
import type { IncidentSeverity } from "@/shared/api/incident-types";

const SEVERITIES: readonly IncidentSeverity[] = ["critical", "warning", "info"];

/** The address of the silence form, filled in: a link does what a dialog would, and can be passed on. */
export function silenceHref(match: AlertMatch, reason = ""): string {
  const params = new URLSearchParams({ new: "1" });
  if (match.entity) params.set("entity", match.entity);
  for (const [name, value] of Object.entries(match.labels ?? {})) params.append("label", `${name}=${value}`);
  for (const severity of match.severity ?? []) params.append("severity", severity);
  for (const kind of match.kind ?? []) params.append("kind", kind);
  if (reason) params.set("reason", reason);
  return `/silences?${params}`;
}

/** What an address says of a silence to be made; null when it asks for none. */
export function parseSilenceLink(search: string): { match: AlertMatch; reason: string } | null {
  const params = new URLSearchParams(search);
  if (!params.has("new")) return null;
  return {
    match: {
      entity: params.get("entity") ?? "",
      labels: Object.fromEntries(params.getAll("label").flatMap(pair)),
      severity: SEVERITIES.filter((severity) => params.getAll("severity").includes(severity)),
      kind: params.getAll("kind"),
    },
    reason: params.get("reason") ?? "",
  };
}

/** "name=value" apart; whatever is not of that form is none. */
export function pair(text: string): [string, string][] {
  const at = text.indexOf("=");
  const name = text.slice(0, at).trim();
  const value = text.slice(at + 1).trim();
  return at > 0 && name !== "" && value !== "" ? [[name, value]] : [];
}
