import type { IncidentEvent } from "@/shared/api/types";
import { Button } from "@/shared/ui/button";
import { Icon } from "@/shared/ui/icon";
import { useIncidentAction } from "./use-incident-action";

/** "Somebody is on it": one touch, nothing to fill in. */
export function AcknowledgeButton({ incident }: { incident: IncidentEvent }) {
  const { mutate, isPending, error } = useIncidentAction(incident.id);
  if (incident.status !== "open") return null;
  return (
    <span className="inline-flex flex-wrap items-center gap-2">
      <Button className="max-sm:h-11" onClick={() => mutate({ verb: "acknowledge" })} disabled={isPending}>
        <Icon name="check" />
        {isPending ? "Acknowledging…" : "Acknowledge"}
      </Button>
      {error && (
        <span role="alert" className="text-alarm text-xs">
          {error.message}
        </span>
      )}
    </span>
  );
}
