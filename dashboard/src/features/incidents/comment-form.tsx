import { type FormEvent, useState } from "react";
import { Button } from "@/shared/ui/button";
import { WhoField } from "@/shared/ui/who-field";
import { useIncidentAction } from "./use-incident-action";

/** As IncidentRules of the contracts. */
export const MAX_TEXT = 500;
export const COMMENT_FIELD = "incident-comment";

/** What somebody has to say; it stays in the field until the platform has taken it. */
export function CommentForm({ incident }: { incident: string }) {
  const { mutate, isPending, error } = useIncidentAction(incident);
  const [text, setText] = useState("");
  const send = (event: FormEvent): void => {
    event.preventDefault();
    mutate({ verb: "comment", text: text.trim() }, { onSuccess: () => setText("") });
  };
  return (
    <form className="mt-5 grid gap-2" onSubmit={send}>
      <label htmlFor={COMMENT_FIELD} className="text-ink-soft text-xs">
        Comment
      </label>
      <textarea
        id={COMMENT_FIELD}
        rows={2}
        value={text}
        maxLength={MAX_TEXT}
        onChange={(event) => setText(event.target.value)}
        aria-keyshortcuts="c"
        className="w-full resize-y rounded-lg border border-line-strong bg-card px-2.5 py-2 text-sm max-sm:text-base"
      />
      <div className="flex flex-wrap items-end gap-2">
        <WhoField label="Comment as" />
        <Button type="submit" className="max-sm:h-11" disabled={text.trim() === "" || isPending}>
          {isPending ? "Sending…" : "Comment"}
        </Button>
        {error && (
          <span role="alert" className="text-alarm text-xs">
            {error.message}
          </span>
        )}
      </div>
    </form>
  );
}
