import { useQuery } from "@tanstack/react-query";
import { silencesQuery } from "@/shared/api/alert-queries";
import { Link } from "@/shared/ui/link";
import { useNow } from "@/shared/ui/use-now";

const TABS = [
  { href: "/incidents", name: "Incidents" },
  { href: "/silences", name: "Silences" },
  { href: "/routing", name: "Routing" },
  { href: "/lead-time", name: "Lead time" },
] as const;

/** The pages about alerting, above each of them. How many silences hold stands here: what is quiet may be muted. */
export function AlertTabs({ path }: { path: string }) {
  return TABS.some(({ href }) => href === path) ? <Tabs path={path} /> : null;
}

function Tabs({ path }: { path: string }) {
  const { data } = useQuery(silencesQuery);
  const now = useNow(10_000);
  const active = data?.filter((silence) => silence.from <= now && now < silence.to).length ?? 0;
  return (
    <nav aria-label="Alerting" className="mb-5 flex gap-1 overflow-x-auto border-line border-b">
      {TABS.map(({ href, name }) => (
        <Link
          key={href}
          href={href}
          aria-current={href === path ? "page" : undefined}
          className={`-mb-px flex h-10 items-center gap-1.5 border-b-2 px-3 font-medium max-sm:h-11 max-sm:px-2.5 ${href === path ? "border-accent text-ink" : "border-transparent text-ink-soft hover:text-ink"}`}
        >
          {name}
          {href === "/silences" && active > 0 && (
            <span className="min-w-5 rounded-full bg-sunken px-1.5 text-center font-semibold text-[11px] leading-5">
              {active}
              <span className="sr-only"> active</span>
            </span>
          )}
        </Link>
      ))}
    </nav>
  );
}
