import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useEffect } from "react";
import { statusQuery } from "@/shared/api/queries";
import { Icon, type IconName } from "@/shared/ui/icon";
import { Link } from "@/shared/ui/link";
import { ThemeToggle } from "@/shared/ui/theme-toggle";
import { AlertTabs } from "./alert-tabs";
import { ConnectionBadge } from "./connection-badge";

/** `also`: pages that belong to it and are reached from there. */
const PAGES: { href: string; name: string; icon: IconName; also: readonly string[] }[] = [
  { href: "/", name: "Live", icon: "pulse", also: [] },
  { href: "/incidents", name: "Incidents", icon: "bell", also: ["/silences", "/routing", "/lead-time"] },
  { href: "/models", name: "Models", icon: "layers", also: [] },
  { href: "/system", name: "System", icon: "flow", also: [] },
];

function Brand() {
  return (
    <Link href="/" className="flex items-center gap-2.5 font-semibold text-[17px] tracking-tight">
      <img src="/favicon.svg" alt="" width={26} height={26} />
      Forewarn
    </Link>
  );
}

function Nav({ path, className, itemClass }: { path: string; className: string; itemClass: string }) {
  const { data } = useQuery(statusQuery);
  return (
    <nav aria-label="Pages" className={className}>
      {PAGES.map(({ href, name, icon, also }) => {
        const here = href === "/" ? path === "/" : path.startsWith(href) || also.includes(path);
        const open = href === "/incidents" ? (data?.openIncidents ?? 0) : 0;
        return (
          <Link
            key={href}
            href={href}
            aria-current={path === href ? "page" : here ? "true" : undefined}
            className={`${itemClass} ${here ? "text-ink bg-sunken" : "text-ink-soft hover:text-ink"}`}
          >
            <Icon name={icon} size={17} className={here ? "text-accent" : ""} />
            {name}
            {open > 0 && (
              <span className="min-w-5 rounded-full bg-alarm px-1.5 text-center font-semibold text-[11px] text-card leading-5">
                {open}
                <span className="sr-only"> open</span>
              </span>
            )}
          </Link>
        );
      })}
    </nav>
  );
}

/** The tab says when something is open, even while another one is in front. */
function useTitle(): void {
  const { data } = useQuery(statusQuery);
  const open = data?.openIncidents ?? 0;
  useEffect(() => {
    document.title = open > 0 ? `(${open}) Forewarn` : "Forewarn";
  }, [open]);
}

export function Layout({ path, children }: { path: string; children: ReactNode }) {
  useTitle();
  return (
    <>
      <a href="#main" className="sr-only focus:not-sr-only focus:absolute focus:top-2 focus:left-2 focus:z-50">
        Skip to content
      </a>
      <header className="sticky top-0 z-30 border-line border-b bg-card">
        <div className="mx-auto flex h-14 max-w-[1560px] items-center gap-3 px-4 md:px-6">
          <Brand />
          <Nav
            path={path}
            className="ml-6 hidden gap-1 md:flex"
            itemClass="flex h-9 items-center gap-2 rounded-lg px-3 font-medium text-sm"
          />
          <div className="ml-auto flex items-center gap-2">
            <ConnectionBadge />
            <ThemeToggle />
          </div>
        </div>
      </header>
      <main id="main" className="mx-auto max-w-[1560px] px-4 pt-5 pb-28 md:px-6 md:pb-12">
        <AlertTabs path={path} />
        {children}
      </main>
      <Nav
        path={path}
        className="fixed inset-x-0 bottom-0 z-30 grid grid-cols-4 gap-1 border-line border-t bg-card p-1.5 md:hidden"
        itemClass="relative flex h-12 flex-col items-center justify-center gap-0.5 rounded-lg text-[11px] font-medium [&>span]:absolute [&>span]:top-0.5 [&>span]:left-[calc(50%+6px)]"
      />
    </>
  );
}
