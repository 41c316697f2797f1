import type { IncidentReplay, ReplayedSpan } from "@/shared/api/types";
import { ago, duration, integer } from "@/shared/lib/format";
import { moment } from "@/shared/lib/time";
import { Badge, type Tone } from "@/shared/ui/badge";

interface Props {
  replay: IncidentReplay | null | undefined;
  /** The model beside the champion, in a sentence and before a value. */
  tried: { who: string; title: string };
  now: number;
  /** What happens when there has been none yet; without it nothing is said. */
  pending?: string;
}

const KINDS: Record<ReplayedSpan["kind"], { tone: Tone; word: string }> = {
  useful: { tone: "good", word: "Useful" },
  missed: { tone: "warn", word: "Missed" },
  "false-alarm": { tone: "neutral", word: "False alarm" },
};

/** Both models on the times that people labelled: what each would have told of. */
export function Replay({ replay, tried, now, pending }: Props) {
  if (!replay && !pending) return null;
  return (
    <section className="mt-4 min-w-0" aria-label="Replayed on labelled incidents">
      <p className="text-ink-soft text-xs">Replayed on labelled incidents{replay && `, ${ago(now - replay.at)}`}</p>
      {replay ? (
        <Outcome replay={replay} tried={tried} now={now} />
      ) : (
        <p className="mt-1.5 text-ink-soft">Not yet. {pending}</p>
      )}
    </section>
  );
}

const nothingLabelled = (replay: IncidentReplay): boolean => replay.incidents === 0 && replay.falseAlarms === 0;

function Outcome({ replay, tried, now }: { replay: IncidentReplay; tried: Props["tried"]; now: number }) {
  const left =
    replay.unread > 0 && `${integer(replay.unread)} left out: history no longer holds them, or time ran out.`;
  if (nothingLabelled(replay))
    return (
      <p className="mt-1.5 text-ink-soft">
        {left ||
          "Nobody has labelled an incident yet, so there was nothing to replay. Say useful or false alarm on one."}
      </p>
    );
  return (
    <>
      <ul className="mt-1.5 grid gap-1">
        {replay.incidents > 0 && (
          <li>
            Of {counted(replay.incidents, "real incident")} {tried.who} would have told of{" "}
            <b className="font-semibold">{replay.challengerFound}</b>, the champion of{" "}
            <b className="font-semibold">{replay.championFound}</b>.
          </li>
        )}
        {replay.falseAlarms > 0 && (
          <li>
            Of {counted(replay.falseAlarms, "false alarm")} {tried.who} would have repeated{" "}
            <b className="font-semibold">{replay.challengerRepeated}</b>, the champion{" "}
            <b className="font-semibold">{replay.championRepeated}</b>.
          </li>
        )}
      </ul>
      {left && <p className="mt-1 text-ink-faint text-xs">{left}</p>}
      {replay.spans.length > 0 && <Spans spans={replay.spans} tried={tried} now={now} />}
    </>
  );
}

const counted = (count: number, thing: string): string => `${integer(count)} ${thing}${count === 1 ? "" : "s"}`;

/** When a model would have told of a time that people labelled. */
export const told = (seconds: number | null | undefined): string => {
  if (seconds == null) return "not at all";
  if (Math.abs(seconds) < 1) return "at once";
  return seconds < 0 ? `${duration(-seconds * 1000)} before` : `after ${duration(seconds * 1000)}`;
};

function Spans({ spans, tried, now }: { spans: readonly ReplayedSpan[]; tried: Props["tried"]; now: number }) {
  return (
    <details className="mt-2">
      <summary className="cursor-pointer text-ink-soft text-xs">One by one ({integer(spans.length)})</summary>
      <ul className="mt-2 max-w-4xl divide-y divide-line">
        {spans.map((span) => (
          <li key={span.id} className="grid gap-x-4 gap-y-1 py-2 md:grid-cols-[minmax(0,1fr)_12rem_11rem]">
            <span className="flex min-w-0 flex-wrap items-center gap-x-2 gap-y-1">
              <Badge tone={KINDS[span.kind].tone}>{KINDS[span.kind].word}</Badge>
              <span className="break-all font-medium">{span.entity}</span>
              <span className="text-ink-faint text-xs">{moment(span.from, now)}</span>
            </span>
            <Told who={tried.title} seconds={span.challengerAfterSeconds} />
            <Told who="Champion" seconds={span.championAfterSeconds} />
          </li>
        ))}
      </ul>
    </details>
  );
}

const Told = ({ who, seconds }: { who: string; seconds: number | null | undefined }) => (
  <span>
    <span className="text-ink-faint text-xs">{who} </span>
    {told(seconds)}
  </span>
);
