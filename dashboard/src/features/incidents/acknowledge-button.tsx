import type { IncidentEvent } from "@/shared/api/types";
import { Button } from "@/shared/ui/button";
import { Icon } from "@/shared/ui/icon";
import { useAcknowledge } from "./use-acknowledge";

export function AcknowledgeButton({ incident }: { incident: IncidentEvent }) {
  const acknowledge = useAcknowledge(incident.id);
  if (incident.status !== "open") return null;
  return (
    <span className="inline-flex flex-wrap items-center gap-2">
      <Button onClick={() => acknowledge.mutate()} disabled={acknowledge.isPending}>
        <Icon name="check" />
        {acknowledge.isPending ? "Acknowledging…" : "Acknowledge"}
      </Button>
      {acknowledge.error && (
        <span role="alert" className="text-alarm text-xs">
          {acknowledge.error.message}
        </span>
      )}
    </span>
  );
}
