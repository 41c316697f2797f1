import { useQuery } from "@tanstack/react-query";
import { silencesQuery } from "@/shared/api/alert-queries";
import type { DeliveryState, DeliveryStatus, IncidentEvent } from "@/shared/api/types";
import { channelText } from "@/shared/lib/channels";
import { plural } from "@/shared/lib/incidents";
import { moment } from "@/shared/lib/time";
import { Badge, type Tone } from "@/shared/ui/badge";
import { CopyText } from "@/shared/ui/copy-text";
import type { IconName } from "@/shared/ui/icon";
import { Link } from "@/shared/ui/link";

const STATUS: Record<DeliveryStatus, { tone: Tone; icon: IconName; word: string }> = {
  sent: { tone: "good", icon: "check", word: "Sent" },
  retrying: { tone: "warn", icon: "repeat", word: "Retrying" },
  failed: { tone: "alarm", icon: "critical", word: "Failed" },
};

/** Who was told by which channel, and whether it got there: what did not stands first. */
export function Deliveries({ incident, now }: { incident: IncidentEvent; now: number }) {
  const rank = { failed: 0, retrying: 1, sent: 2 };
  const sorted = [...incident.deliveries].sort(
    (a, b) => (rank[a.status] ?? 0) - (rank[b.status] ?? 0) || a.receiver.localeCompare(b.receiver),
  );
  return (
    <section className="card p-5" aria-labelledby="deliveries">
      <h2 id="deliveries" className="mb-2 font-semibold text-base">
        Who was told
      </h2>
      {incident.mutedBy && <Muted silence={incident.mutedBy} now={now} />}
      {sorted.length === 0 && !incident.mutedBy && (
        <p className="text-ink-soft text-xs">No delivery is recorded of it.</p>
      )}
      <ul className="divide-y divide-line">
        {sorted.map((delivery) => (
          <Delivery key={`${delivery.receiver} ${delivery.channel}`} delivery={delivery} now={now} />
        ))}
      </ul>
    </section>
  );
}

function Delivery({ delivery, now }: { delivery: DeliveryState; now: number }) {
  const { tone, icon, word } = STATUS[delivery.status] ?? STATUS.retrying;
  return (
    <li className="py-2.5">
      <p className="flex flex-wrap items-center gap-x-2 gap-y-1">
        <Badge tone={tone} icon={icon}>
          {word}
        </Badge>
        <span className="wrap-anywhere font-medium">{delivery.receiver}</span>
        <span className="text-ink-soft text-xs">{channelText(delivery.channel)}</span>
        <span className="ml-auto text-ink-soft text-xs">{moment(delivery.at, now)}</span>
      </p>
      {(delivery.attempts > 1 || delivery.status !== "sent") && (
        <p className="mt-1 text-ink-soft text-xs">{plural(delivery.attempts, "attempt")}</p>
      )}
      {delivery.error && <p className="wrap-anywhere mt-1 text-alarm text-xs">{delivery.error}</p>}
      <CopyText text={delivery.notification} label={`notification id for ${delivery.receiver}, ${delivery.channel}`} />
    </li>
  );
}

function Muted({ silence, now }: { silence: string; now: number }) {
  const { data } = useQuery(silencesQuery);
  const known = data?.find((one) => one.id === silence);
  return (
    <p className="wrap-anywhere mb-1 rounded-lg bg-sunken px-3 py-2 text-ink-soft text-xs">
      {known
        ? `Muted until ${moment(known.to, now)} by ${known.who}: ${known.reason}. `
        : `Muted by silence ${silence}. `}
      <Link href="/silences" className="font-medium text-accent hover:underline">
        Silences
      </Link>
    </p>
  );
}
