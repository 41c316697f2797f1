import { type FormEvent, type ReactNode, useEffect, useRef, useState } from "react";
import type { IncidentEvent } from "@/shared/api/types";
import { MAX_WHO, useWho } from "@/shared/lib/who";
import { Button } from "@/shared/ui/button";
import { Select, TextInput } from "@/shared/ui/field";
import { MAX_TEXT } from "./comment-form";
import { useChange, useIncidentAction } from "./use-incident-action";

interface Props {
  incident: IncidentEvent;
  onDone: () => void;
}

/** Somebody says that it is over; the platform opens it again if it is not. */
export function ResolvePanel({ incident, onDone }: Props) {
  const { mutate, isPending, error } = useIncidentAction(incident.id);
  const [text, setText] = useState("");
  return (
    <Panel
      error={error}
      onSubmit={() => mutate({ verb: "resolve", text: text.trim() || undefined }, { onSuccess: onDone })}
    >
      <TextInput label="What it was" value={text} onChange={setText} placeholder="Optional" maxLength={MAX_TEXT} />
      <Submit busy={isPending} word="Resolve now" working="Resolving…" />
    </Panel>
  );
}

/** To oneself, to somebody, or to nobody any more. */
export function AssignPanel({ incident, onDone }: Props) {
  const { mutate, isPending, error } = useIncidentAction(incident.id);
  const me = useWho().trim();
  const [assignee, setAssignee] = useState(incident.assignee ?? "");
  const assign = (to: string | null): void => mutate({ verb: "assign", assignee: to }, { onSuccess: onDone });
  return (
    <Panel error={error} onSubmit={() => assign(assignee.trim())}>
      <TextInput label="Who is to look after it" value={assignee} onChange={setAssignee} maxLength={MAX_WHO} />
      <Submit busy={isPending} word="Assign" working="Assigning…" disabled={assignee.trim() === ""} />
      {me !== "" && incident.assignee !== me && (
        <Button className="max-sm:h-11" onClick={() => assign(me)} disabled={isPending}>
          To me
        </Button>
      )}
      {incident.assignee && (
        <Button className="max-sm:h-11" onClick={() => assign(null)} disabled={isPending}>
          To nobody
        </Button>
      )}
    </Panel>
  );
}

/** A deployment, a setting, a restart: it stands in the story, and may be what averted a prediction. */
export function ChangePanel({ incident, onDone }: Props) {
  const { mutate, isPending, error } = useChange();
  const [text, setText] = useState("");
  const [entity, setEntity] = useState(incident.entities[0] ?? incident.entity);
  const entities = incident.entities.map((one) => [one, one] as const);
  return (
    <Panel error={error} onSubmit={() => mutate({ entity, text: text.trim() }, { onSuccess: onDone })}>
      {entities.length > 1 && <Select label="Entity" value={entity} onChange={setEntity} options={entities} />}
      <TextInput
        label="What was changed"
        value={text}
        onChange={setText}
        placeholder="Deployment, setting, restart"
        maxLength={MAX_TEXT}
      />
      <Submit busy={isPending} word="Record" working="Recording…" disabled={text.trim() === ""} />
    </Panel>
  );
}

function Panel({ onSubmit, error, children }: { onSubmit: () => void; error: Error | null; children: ReactNode }) {
  const form = useRef<HTMLFormElement>(null);
  // Where there is a keyboard one goes on typing; on a phone its keyboard would cover what was just opened.
  useEffect(() => {
    if (window.matchMedia?.("(hover: hover)").matches) form.current?.querySelector("input")?.focus();
  }, []);
  const send = (event: FormEvent): void => {
    event.preventDefault();
    onSubmit();
  };
  return (
    <form ref={form} className="flex flex-wrap items-end gap-2.5" onSubmit={send}>
      {children}
      {error && (
        <p role="alert" className="w-full text-alarm text-xs">
          {error.message}
        </p>
      )}
    </form>
  );
}

interface SubmitProps {
  busy: boolean;
  word: string;
  working: string;
  disabled?: boolean;
}

const Submit = ({ busy, word, working, disabled = false }: SubmitProps) => (
  <Button type="submit" look="primary" className="max-sm:h-11" disabled={disabled || busy}>
    {busy ? working : word}
  </Button>
);
