import type { ReactNode } from "react";
import { Icon, type IconName } from "./icon";

interface Props {
  icon: IconName;
  title: string;
  children?: ReactNode;
  /** `alert` is read out at once: for failures. */
  role?: "status" | "alert";
}

/** What stands where data would be: nothing yet, nothing found, or what went wrong and what to do. */
export function Notice({ icon, title, children, role = "status" }: Props) {
  return (
    <div role={role} className="card flex flex-col items-center gap-2 px-6 py-14 text-center">
      <span className="mb-1 grid size-11 place-items-center rounded-full bg-accent-soft text-accent">
        <Icon name={icon} size={20} />
      </span>
      <p className="font-semibold text-base">{title}</p>
      {children && <div className="max-w-md text-ink-soft">{children}</div>}
    </div>
  );
}
