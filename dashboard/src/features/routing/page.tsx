import { useQuery } from "@tanstack/react-query";
import { alertConfigQuery } from "@/shared/api/alert-queries";
import type { AlertConfig } from "@/shared/api/alert-types";
import { channelText } from "@/shared/lib/channels";
import { moment } from "@/shared/lib/time";
import { Badge } from "@/shared/ui/badge";
import { Icon } from "@/shared/ui/icon";
import { Notice } from "@/shared/ui/notice";
import { PageHeader } from "@/shared/ui/page-header";
import { useNow } from "@/shared/ui/use-now";
import { Route } from "./route";

/** Who is told of what, and whether that works: the file decides, this page shows and tries it. */
export default function RoutingPage() {
  const { data, error } = useQuery(alertConfigQuery);
  return (
    <>
      <PageHeader
        title="Routing"
        lead="Who is told of which incident, in the order in which routes are looked at: the first that matches holds."
      />
      {!data && !error && <div className="skeleton h-48" aria-busy="true" />}
      {!data && error && (
        <Notice icon="unplugged" title="The routing cannot be loaded" role="alert">
          {error.message}
        </Notice>
      )}
      {data && <Config config={data} />}
    </>
  );
}

function Config({ config }: { config: AlertConfig }) {
  const now = useNow(10_000);
  return (
    <>
      <p className="wrap-anywhere mb-3 text-ink-soft">
        {config.file
          ? `${config.file}, read ${moment(config.loadedAt, now)}. Changes to it are taken over by themselves.`
          : "No file is configured: everything goes to the console of alerting."}
      </p>
      <Complaints title="The file as it is now cannot be used; what was read before holds" lines={config.mistakes} />
      <Complaints title="This holds, but cannot work" lines={config.warnings} />
      <ol className="grid gap-3">
        {config.routes.map((route, index) => (
          <Route key={route.name} route={route} place={index + 1} />
        ))}
      </ol>
      <h2 className="mt-8 mb-2.5 font-semibold text-base tracking-tight">Receivers</h2>
      <ul className="grid gap-3 sm:grid-cols-2 xl:grid-cols-4">
        {config.receivers.map(({ name, channels }) => (
          <li key={name} className="card flex flex-wrap items-center gap-2 px-4 py-3">
            <span className="wrap-anywhere mr-auto font-medium">{name}</span>
            {channels.map((channel) => (
              <Badge key={channel}>{channelText(channel)}</Badge>
            ))}
          </li>
        ))}
      </ul>
    </>
  );
}

function Complaints({ title, lines }: { title: string; lines: readonly string[] }) {
  if (lines.length === 0) return null;
  return (
    <div role="alert" className="mb-3 rounded-xl bg-warn-soft px-4 py-3 text-warn">
      <p className="flex items-center gap-2 font-medium">
        <Icon name="alert" />
        {title}
      </p>
      <ul className="mt-1.5 grid gap-1">
        {lines.map((line) => (
          <li key={line} className="wrap-anywhere text-sm">
            {line}
          </li>
        ))}
      </ul>
    </div>
  );
}
