const ENTER = 5;
const LEAVE = 2.5;
const CAP = 20;
const WEIGHT = 0.25;

/** Decides which series are strange now: smoothed |z| with hysteresis, so that a badge neither flickers nor sticks. */
export class Strangeness {
  readonly #level = new Map<string, number>();
  #strange = new Map<string, number>();

  /** Takes the newest deviation of a series, in robust standard deviations. Returns true when the set changed. */
  observe(id: string, z: number): boolean {
    if (!Number.isFinite(z)) return false;
    const size = Math.min(Math.abs(z), CAP);
    const before = this.#level.get(id) ?? 0;
    const level = before + WEIGHT * (size - before);
    this.#level.set(id, level);
    const was = this.#strange.has(id);
    const is = level >= (was ? LEAVE : ENTER);
    if (is) this.#strange.set(id, level);
    else this.#strange.delete(id);
    return is !== was;
  }

  /** Strange series, strangest first. */
  ids(): string[] {
    return [...this.#strange.entries()].sort((a, b) => b[1] - a[1]).map(([id]) => id);
  }
}
