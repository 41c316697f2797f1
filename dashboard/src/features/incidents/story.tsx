import type { IncidentEvent } from "@/shared/api/types";
import { moment } from "@/shared/lib/time";
import { Icon } from "@/shared/ui/icon";
import { CommentForm } from "./comment-form";
import { timeline } from "./timeline";

/** As many lines of one step as are worth reading at once. */
const LINES = 4;

/** What happened to it, by whom, and what people had to say. */
export function Story({ incident, now }: { incident: IncidentEvent; now: number }) {
  return (
    <section className="card p-5" aria-labelledby="story">
      <h2 id="story" className="mb-3 font-semibold text-base">
        Course
      </h2>
      <ol className="relative ml-2 grid gap-4 border-line-strong border-l pl-5">
        {timeline(incident).map((step) => (
          <li key={`${step.at} ${step.what} ${step.details.join()}`} className="relative">
            <span
              className={`absolute top-0 -left-[31px] grid size-[21px] place-items-center rounded-full border-2 border-card ${step.who ? "bg-info-soft text-info" : "bg-accent-soft text-accent"}`}
            >
              <Icon name={step.icon} size={11} />
            </span>
            <p className="flex justify-between gap-3">
              <span className="min-w-0">
                <span className="font-medium">{step.what}</span>
                {step.who && <span className="wrap-anywhere text-ink-soft"> by {step.who}</span>}
              </span>
              <time className="whitespace-nowrap text-ink-soft" dateTime={new Date(step.at).toISOString()}>
                {moment(step.at, now)}
              </time>
            </p>
            <Details details={step.details} />
          </li>
        ))}
      </ol>
      <CommentForm incident={incident.id} />
    </section>
  );
}

function Details({ details }: { details: readonly string[] }) {
  const more = details.length - LINES;
  return (
    <>
      {details.slice(0, more > 0 ? LINES : undefined).map((text) => (
        <p key={text} className="wrap-anywhere whitespace-pre-line text-ink-soft text-xs">
          {text}
        </p>
      ))}
      {more > 0 && <p className="text-ink-faint text-xs">and {more} more</p>}
    </>
  );
}
