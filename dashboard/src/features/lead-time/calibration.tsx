import type { CalibrationBin } from "@/shared/api/alert-types";
import { integer } from "@/shared/lib/format";
import { dots, FEW, verdict } from "./calibration-plot";

const percent = (share: number): string => `${Math.round(share * 100)} %`;
const range = ({ low, high }: CalibrationBin): string => `${Math.round(low * 100)}–${Math.round(high * 100)} %`;

/** When it says 80 %, does it happen in 80 of 100? */
export function Calibration({ bins }: { bins: readonly CalibrationBin[] }) {
  const filled = bins.filter((bin) => bin.count > 0);
  return (
    <section className="card p-4 md:p-5" aria-labelledby="calibration">
      <h2 id="calibration" className="font-semibold text-base tracking-tight">
        Said and happened
      </h2>
      <p className="mt-1 max-w-2xl text-ink-soft">
        {verdict(bins)} Averted ones are left out: nobody knows what would have happened.
      </p>
      {filled.length > 0 && (
        <div className="mt-4 grid items-start gap-x-10 gap-y-5 sm:grid-cols-[minmax(0,20rem)_minmax(0,26rem)]">
          <Plot bins={filled} />
          <Table bins={filled} />
        </div>
      )}
    </section>
  );
}

/** On the line is right; below it, it was too sure. */
function Plot({ bins }: { bins: readonly CalibrationBin[] }) {
  return (
    <svg
      viewBox="-14 -7 122 125"
      role="img"
      aria-label="Probability said, across, and share that happened, up"
      className="w-full"
    >
      {[0, 25, 50, 75, 100].map((at) => (
        <g key={at}>
          <path d={`M0 ${at}H100M${at} 0V100`} stroke="var(--c-grid)" strokeWidth={0.6} />
          <text x={-2.5} y={100 - at + 1.5} textAnchor="end" fontSize={4.4} fill="var(--c-ink-faint)">
            {at}
          </text>
          <text x={at} y={106.5} textAnchor="middle" fontSize={4.4} fill="var(--c-ink-faint)">
            {at}
          </text>
        </g>
      ))}
      <path d="M0 100L100 0" stroke="var(--c-ink-faint)" strokeWidth={0.6} strokeDasharray="2 2" />
      {dots(bins).map(({ bin, x, y, r }) => (
        <circle
          key={bin.low}
          cx={x}
          cy={y}
          r={r}
          fill="var(--c-accent)"
          fillOpacity={bin.count < FEW ? 0.25 : 0.75}
          stroke="var(--c-accent)"
          strokeWidth={0.7}
          strokeDasharray={bin.count < FEW ? "1.4 1" : undefined}
        >
          <title>{`Said ${percent(bin.said)}, happened ${percent(bin.happened)}, ${bin.count} settled`}</title>
        </circle>
      ))}
      <text x={50} y={114} textAnchor="middle" fontSize={4.6} fill="var(--c-ink-soft)">
        said, %
      </text>
      <text
        x={-10.5}
        y={50}
        textAnchor="middle"
        fontSize={4.6}
        fill="var(--c-ink-soft)"
        transform="rotate(-90 -10.5 50)"
      >
        happened, %
      </text>
    </svg>
  );
}

function Table({ bins }: { bins: readonly CalibrationBin[] }) {
  return (
    <table className="w-full text-left">
      <caption className="sr-only">Predictions by the probability that was said</caption>
      <thead className="text-ink-faint text-xs">
        <tr>
          <th className="py-1 pr-3 font-normal">Between</th>
          <th className="py-1 pr-3 text-right font-normal">Settled</th>
          <th className="py-1 pr-3 text-right font-normal">Said</th>
          <th className="py-1 text-right font-normal">Happened</th>
        </tr>
      </thead>
      <tbody className="divide-y divide-line">
        {bins.map((bin) => (
          <tr key={bin.low} className={bin.count < FEW ? "text-ink-faint" : ""}>
            <th scope="row" className="py-1.5 pr-3 font-normal">
              {range(bin)}
            </th>
            <td className="py-1.5 pr-3 text-right">{integer(bin.count)}</td>
            <td className="py-1.5 pr-3 text-right">{percent(bin.said)}</td>
            <td className="py-1.5 text-right font-medium">{percent(bin.happened)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
