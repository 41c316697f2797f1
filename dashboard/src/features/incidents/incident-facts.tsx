import type { ReactNode } from "react";
import type { IncidentEvent } from "@/shared/api/types";
import { rarity } from "@/shared/lib/format";
import { lasted } from "@/shared/lib/incidents";
import { liveHref } from "@/shared/lib/url-state";
import { CopyText } from "@/shared/ui/copy-text";
import { Link } from "@/shared/ui/link";

/** The numbers, the attributes of the entity as its source named them, and the links that came with an external alert. */
export function IncidentFacts({ incident, now }: { incident: IncidentEvent; now: number }) {
  return (
    <dl className="card grid grid-cols-[auto_minmax(0,1fr)] gap-x-6 gap-y-2 p-5">
      <Fact name="Entity">
        <Link href={liveHref({ entity: incident.entity })} className="text-accent hover:underline">
          {incident.entity}
        </Link>
      </Fact>
      {incident.assignee && <Fact name="Assigned to">{incident.assignee}</Fact>}
      <Fact name={incident.resolvedAt ? "Lasted" : "Lasts"}>{lasted(incident, now)}</Fact>
      <Fact name="Rarity">{rarity(incident.p)}</Fact>
      {/* 0: nothing scored it, as with alerts of others and thresholds. */}
      <Fact name="Score">{incident.score ? incident.score.toFixed(2) : "–"}</Fact>
      <Fact name="Detections">{incident.count.toLocaleString("en-US")}</Fact>
      {incident.reopened > 0 && <Fact name="Came back">{incident.reopened}×</Fact>}
      <Fact name="Model">{incident.model ? incident.model.slice(0, 12) : "–"}</Fact>
      {Object.entries(incident.labels).map(([name, value]) => (
        <Fact key={name} name={name}>
          {value}
        </Fact>
      ))}
      {Object.entries(incident.links)
        .filter(([, url]) => /^https?:/i.test(url))
        .map(([name, url]) => (
          <Fact key={`link-${name}`} name={`Link: ${name}`}>
            <a href={url} target="_blank" rel="noopener noreferrer" className="text-accent hover:underline">
              {url}
            </a>
          </Fact>
        ))}
      <Fact name="Id">
        <CopyText text={incident.id} label="incident id" />
      </Fact>
    </dl>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt className="wrap-anywhere text-ink-faint">{name}</dt>
      <dd className="truncate text-right font-medium">{children}</dd>
    </>
  );
}
