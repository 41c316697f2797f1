import type { FeedbackKind } from "@/shared/api/types";
import { moment } from "@/shared/lib/time";
import { Button } from "@/shared/ui/button";
import { useFeedback } from "./use-feedback";

const WORDS: { kind: FeedbackKind; label: string }[] = [
  { kind: "useful", label: "Useful" },
  { kind: "false-alarm", label: "False alarm" },
];

/** Was it right to tell? The next model learns the answer; saying the other thing later replaces it. */
export function FeedbackButtons({ incident }: { incident: string }) {
  const { said, say, busy, error } = useFeedback(incident);
  return (
    <fieldset className="mt-4 flex flex-wrap items-center gap-2">
      <legend className="float-left mr-1 text-ink-soft text-sm">Was this alert right?</legend>
      {WORDS.map(({ kind, label }) => (
        <Button
          key={kind}
          aria-pressed={said?.kind === kind}
          className="h-8 px-3 text-xs max-sm:h-11 aria-pressed:border-accent aria-pressed:text-accent"
          disabled={busy}
          onClick={() => say(kind)}
        >
          {label}
        </Button>
      ))}
      <span role="status" className="text-ink-soft text-xs">
        {said &&
          `Said ${said.who ? `by ${said.who} ` : ""}at ${moment(said.at, Date.now())}; the next training learns it.`}
      </span>
      {error && (
        <span role="alert" className="text-alarm text-xs">
          {error.message}
        </span>
      )}
    </fieldset>
  );
}
