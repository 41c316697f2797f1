import { useQuery } from "@tanstack/react-query";
import { budgetsQuery } from "@/shared/api/alert-queries";
import type { BudgetInfo } from "@/shared/api/alert-types";
import { integer, significant } from "@/shared/lib/format";
import { plural } from "@/shared/lib/incidents";
import { matchText } from "@/shared/lib/match-text";
import { Badge } from "@/shared/ui/badge";
import { Facts } from "@/shared/ui/facts";

/** False alarms that somebody accepts a week, and what was told. */
export function Budgets() {
  const { data, error } = useQuery(budgetsQuery);
  return (
    <section className="mt-8" aria-labelledby="budgets">
      <h2 id="budgets" className="font-semibold text-base tracking-tight">
        False-alarm budget
      </h2>
      <p className="mt-1 max-w-2xl text-ink-soft">
        How many notifications about normal behaviour are accepted; the level at which something is told follows it.
        Real incidents come on top, so more may be told than this.
      </p>
      {error && (
        <p role="alert" className="mt-2 text-alarm text-xs">
          {error.message}
        </p>
      )}
      {!data && !error && <div className="skeleton mt-3 h-32" aria-busy="true" />}
      {data?.length === 0 && (
        <p className="card mt-3 px-4 py-3 text-ink-soft">
          No budget is set. Name one in the alerting configuration to say how many false alarms a week are acceptable.
        </p>
      )}
      <ul className="mt-3 grid gap-3 lg:grid-cols-2">
        {data?.map((budget) => (
          <Budget key={budget.name} budget={budget} />
        ))}
      </ul>
    </section>
  );
}

function Budget({ budget }: { budget: BudgetInfo }) {
  const { name, perWeek, match, entities, perEntity, told, falseAlarms, useful } = budget;
  const over = falseAlarms > perWeek;
  const unjudged = Math.max(0, told - falseAlarms - useful);
  return (
    <li className="card p-4 md:p-5">
      <div className="flex flex-wrap items-center gap-x-2.5 gap-y-1">
        <h3 className="wrap-anywhere font-semibold">{name}</h3>
        <Badge tone={over ? "alarm" : "good"} icon={over ? "alert" : "check"}>
          {over ? "Overdrawn" : "Within"}
        </Badge>
        <span className="wrap-anywhere text-ink-faint text-xs sm:ml-auto">{matchText(match)}</span>
      </div>
      <p className="mt-2">
        <span className="font-semibold text-2xl tracking-tight">{integer(told)}</span>
        <span className="text-ink-soft"> told this week; </span>
        <span className="font-medium">
          {integer(falseAlarms)} of {significant(perWeek)}
        </span>
        <span className="text-ink-soft"> {perWeek === 1 ? "false alarm" : "false alarms"} used</span>
      </p>
      <Used budget={budget} />
      <div className="mt-4">
        <Facts
          facts={[
            ["False alarms", integer(falseAlarms)],
            ["Useful", integer(useful)],
            ["Not judged", integer(unjudged)],
            ["Shared by", plural(entities, "entity", "entities")],
            ["Each a week", significant(perEntity)],
          ]}
        />
      </div>
    </li>
  );
}

/** Told ones by what people said of them, against the stroke that is the budget. */
function Used({ budget }: { budget: BudgetInfo }) {
  const { perWeek, told, falseAlarms, useful } = budget;
  const all = Math.max(told, perWeek, 1) * 1.04;
  const width = (count: number): string => `${(count / all) * 100}%`;
  return (
    <div className="mt-3" aria-hidden="true">
      <div className="relative h-3">
        <div className="flex h-full overflow-hidden rounded-full bg-sunken">
          <span className="bg-alarm" style={{ width: width(falseAlarms) }} />
          <span className="bg-good" style={{ width: width(useful) }} />
          <span className="bg-accent opacity-35" style={{ width: width(Math.max(0, told - falseAlarms - useful)) }} />
        </div>
        <span className="absolute -inset-y-1 w-0.5 bg-ink" style={{ left: width(perWeek) }} />
      </div>
      <p className="mt-2 flex flex-wrap gap-x-4 gap-y-1 text-[11px] text-ink-faint">
        <Key className="bg-alarm">false alarm</Key>
        <Key className="bg-good">useful</Key>
        <Key className="bg-accent opacity-35">not judged</Key>
        <span>stroke: the budget</span>
      </p>
    </div>
  );
}

const Key = ({ className, children }: { className: string; children: string }) => (
  <span className="inline-flex items-center gap-1.5">
    <span className={`size-2 rounded-sm ${className}`} />
    {children}
  </span>
);
