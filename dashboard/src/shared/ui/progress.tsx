/** How far something is, 0 to 1. */
export function ProgressBar({ label, value, failed }: { label: string; value: number; failed?: boolean }) {
  const percent = Math.round(Math.max(0, Math.min(1, value)) * 100);
  return (
    <div
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={percent}
      tabIndex={-1}
      className="h-1.5 overflow-hidden rounded-full bg-sunken"
    >
      <div className={`h-full ${failed ? "bg-alarm" : "bg-accent"}`} style={{ width: `${percent}%` }} />
    </div>
  );
}
