import type { CalibrationBin } from "@/shared/api/alert-types";

/** A dot of the plot, in a square of 100 by 100 with the origin at the lower left turned to SVG's upper left. */
export interface Dot {
  bin: CalibrationBin;
  x: number;
  y: number;
  r: number;
}

/** Area, not radius, tells how many: the eye compares areas. */
export function dots(bins: readonly CalibrationBin[]): Dot[] {
  const filled = bins.filter((bin) => bin.count > 0);
  const most = Math.max(1, ...filled.map((bin) => bin.count));
  return filled.map((bin) => ({
    bin,
    x: bin.said * 100,
    y: 100 - bin.happened * 100,
    r: 1.6 + 3.4 * Math.sqrt(bin.count / most),
  }));
}

/** In how many of the bins chance alone makes any share likely: too few to judge by. */
export const FEW = 5;

/** What the plot says, in a sentence; weighted by how many stand behind each bin. */
export function verdict(bins: readonly CalibrationBin[]): string {
  const count = bins.reduce((sum, bin) => sum + bin.count, 0);
  if (count === 0) return "Nothing is settled yet.";
  const said = bins.reduce((sum, bin) => sum + bin.said * bin.count, 0) / count;
  const happened = bins.reduce((sum, bin) => sum + bin.happened * bin.count, 0) / count;
  const numbers = `said ${Math.round(said * 100)} % on average, happened ${Math.round(happened * 100)} %`;
  if (count < FEW) return `Too few to judge: ${numbers}.`;
  const gap = said - happened;
  // Twice the standard error of a share: less than that is what luck does.
  const luck = 2 * Math.sqrt(Math.max(0.01, happened * (1 - happened)) / count);
  if (Math.abs(gap) <= luck) return `As sure as it should be: ${numbers}.`;
  return gap > 0 ? `Too sure of itself: ${numbers}.` : `Surer than it says: ${numbers}.`;
}
