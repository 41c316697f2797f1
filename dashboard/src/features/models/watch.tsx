import type { ModelWatch } from "@/shared/api/types";
import { duration, integer } from "@/shared/lib/format";
import { moment } from "@/shared/lib/time";
import { Facts } from "@/shared/ui/facts";

/** A champion in its first time: when it has to go, the one before comes back by itself. */
export function Watch({ watch, now }: { watch: ModelWatch; now: number }) {
  const left = watch.until - now;
  return (
    <section className="mt-4 border-line border-t pt-3" aria-label="Watched since its promotion">
      <h3 className="text-ink-soft text-xs">
        Watched since its promotion; when it does worse than allowed, {watch.before} comes back by itself
      </h3>
      <div className="mt-2">
        <Facts
          facts={[
            ["Alarms", integer(watch.alarms)],
            ["Allowed", watch.allowed < 10 ? watch.allowed.toFixed(1) : integer(watch.allowed)],
            ["Watched on", `${watch.hours < 10 ? watch.hours.toFixed(1) : integer(watch.hours)} entity-hours`],
            ["Until", moment(watch.until, now)],
            ["Time left", left > 0 ? duration(left) : "none"],
          ]}
        />
      </div>
    </section>
  );
}
