import { useState } from "react";
import type { IncidentEvent } from "@/shared/api/types";
import { useHotkeys } from "@/shared/lib/hotkeys";
import { navigate } from "@/shared/lib/router";
import { silenceHref } from "@/shared/lib/silence-link";
import { Button } from "@/shared/ui/button";
import { Icon } from "@/shared/ui/icon";
import { Link } from "@/shared/ui/link";
import { WhoField } from "@/shared/ui/who-field";
import { AssignPanel, ChangePanel, ResolvePanel } from "./action-panels";
import { COMMENT_FIELD } from "./comment-form";
import { useIncidentAction } from "./use-incident-action";

type Panel = "resolve" | "assign" | "change";

/** What a person can do about it. One touch takes it; whatever needs words opens below. */
export function ActionBar({ incident }: { incident: IncidentEvent }) {
  const acknowledge = useIncidentAction(incident.id);
  const [panel, setPanel] = useState<Panel | null>(null);
  const open = incident.status === "open";
  const over = incident.status === "resolved";
  const silence = silenceHref(
    { entity: incident.entities[0] ?? incident.entity, kind: [incident.kind] },
    `Known: incident ${incident.id}`,
  );
  const take = (): void => {
    if (open && !acknowledge.isPending) acknowledge.mutate({ verb: "acknowledge" });
  };
  const toggle = (one: Panel): void => setPanel((shown) => (shown === one ? null : one));
  useHotkeys({
    a: take,
    c: () => document.getElementById(COMMENT_FIELD)?.focus(),
    s: () => navigate(silence),
    ...(over ? {} : { r: () => toggle("resolve"), g: () => toggle("assign") }),
    Escape: () => setPanel(null),
  });
  const opener = (one: Panel, keys?: string) => ({
    className: "max-sm:h-11 aria-expanded:border-accent aria-expanded:text-accent",
    "aria-expanded": panel === one,
    "aria-keyshortcuts": keys,
    onClick: () => toggle(one),
  });
  return (
    <section aria-label="Actions" className="mt-5">
      <div className="grid grid-cols-2 gap-2 sm:flex sm:flex-wrap sm:items-center">
        {open && (
          <Button
            look="primary"
            className="max-sm:col-span-2 max-sm:h-11"
            aria-keyshortcuts="a"
            title="Key: a"
            onClick={take}
            disabled={acknowledge.isPending}
          >
            <Icon name="check" />
            {acknowledge.isPending ? "Acknowledging…" : "Acknowledge"}
          </Button>
        )}
        {!over && (
          <>
            <Button {...opener("assign", "g")} title="Key: g">
              <Icon name="user" />
              Assign
            </Button>
            <Button {...opener("resolve", "r")} title="Key: r">
              Resolve
            </Button>
            <Button {...opener("change")}>Record a change</Button>
          </>
        )}
        <Link
          href={silence}
          aria-keyshortcuts="s"
          title="Key: s"
          className="inline-flex h-9 items-center justify-center gap-2 rounded-lg border border-line-strong bg-card px-3.5 font-medium text-sm hover:bg-sunken max-sm:h-11"
        >
          <Icon name="muted" />
          Silence this
        </Link>
      </div>
      {acknowledge.error && (
        <p role="alert" className="mt-2 text-alarm text-xs">
          {acknowledge.error.message}
        </p>
      )}
      {panel && !over && (
        <div className="mt-3 grid gap-3 rounded-xl bg-sunken p-4">
          <WhoField />
          {panel === "resolve" && <ResolvePanel incident={incident} onDone={() => setPanel(null)} />}
          {panel === "assign" && <AssignPanel incident={incident} onDone={() => setPanel(null)} />}
          {panel === "change" && <ChangePanel incident={incident} onDone={() => setPanel(null)} />}
        </div>
      )}
    </section>
  );
}
