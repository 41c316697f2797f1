/** How values that fall into the same slot become one. */
export type Fold = "mean" | "max" | "min";

interface Column {
  data: Float64Array;
  fold: Fold;
  /** Values folded into the newest slot. */
  open: number;
}

/**
 * Time slots of fixed width with any number of columns, in typed arrays that are filled once and then overwritten from
 * the oldest on. NaN = no value. A slot that nobody wrote does not exist, so a gap stays a gap.
 */
export class SlotRing {
  readonly stepMs: number;
  readonly capacity: number;
  readonly #t: Float64Array;
  readonly #columns = new Map<string, Column>();
  #start = 0;
  #length = 0;

  constructor(stepMs: number, capacity: number) {
    if (!(stepMs > 0) || !(capacity > 0)) throw new RangeError("A ring needs a positive step and capacity.");
    this.stepMs = stepMs;
    this.capacity = Math.ceil(capacity);
    this.#t = new Float64Array(this.capacity);
  }

  get length(): number {
    return this.#length;
  }

  /** Start of the newest slot, NaN when empty. */
  get lastTime(): number {
    return this.#length === 0 ? Number.NaN : this.timeAt(this.#length - 1);
  }

  /** Start of slot `index`, 0 = oldest. */
  timeAt(index: number): number {
    return this.#t[this.#at(index)] ?? Number.NaN;
  }

  valueAt(id: string, index: number): number {
    return this.#columns.get(id)?.data[this.#at(index)] ?? Number.NaN;
  }

  has(id: string): boolean {
    return this.#columns.has(id);
  }

  /** Adds a column; known ones stay as they are. Slots written before it have no value there. */
  addColumn(id: string, fold: Fold = "mean"): void {
    if (!this.#columns.has(id))
      this.#columns.set(id, { data: new Float64Array(this.capacity).fill(Number.NaN), fold, open: 0 });
  }

  /** Opens the slot of time `t` if it is new and returns its index, or -1 when `t` is older than everything kept. */
  slot(t: number): number {
    const time = Math.floor(t / this.stepMs) * this.stepMs;
    if (this.#length === 0 || time > this.lastTime) return this.#append(time);
    return this.#find(time);
  }

  /** Folds a value into a slot that `slot` returned; NaN changes nothing. */
  write(index: number, id: string, value: number): void {
    const column = this.#columns.get(id);
    if (index < 0 || !column || !Number.isFinite(value)) return;
    const at = this.#at(index);
    const before = column.data[at] as number;
    const newest = index === this.#length - 1;
    if (Number.isNaN(before)) {
      column.data[at] = value;
      if (newest) column.open = 1;
      return;
    }
    if (column.fold === "max") column.data[at] = Math.max(before, value);
    else if (column.fold === "min") column.data[at] = Math.min(before, value);
    else if (newest) {
      column.open++;
      column.data[at] = before + (value - before) / column.open;
    }
  }

  /** Copies slots after time `after` of another ring of the same step behind the own ones. */
  appendFrom(other: SlotRing, after: number): void {
    for (const [id, column] of other.#columns) this.addColumn(id, column.fold);
    for (let index = other.#lowerBound(after + 1); index < other.#length; index++) {
      const mine = this.slot(other.timeAt(index));
      for (const id of other.#columns.keys()) this.write(mine, id, other.valueAt(id, index));
    }
  }

  /** First slot at or after `t`; `length` when there is none. */
  firstAt(t: number): number {
    return this.#lowerBound(t);
  }

  #append(time: number): number {
    if (this.#length === this.capacity) this.#start = (this.#start + 1) % this.capacity;
    else this.#length++;
    const at = this.#at(this.#length - 1);
    this.#t[at] = time;
    for (const column of this.#columns.values()) {
      column.data[at] = Number.NaN;
      column.open = 0;
    }
    return this.#length - 1;
  }

  #find(time: number): number {
    const index = this.#lowerBound(time);
    return index < this.#length && this.timeAt(index) === time ? index : -1;
  }

  #lowerBound(time: number): number {
    let low = 0;
    let high = this.#length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.timeAt(middle) < time) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #at(index: number): number {
    return (this.#start + index) % this.capacity;
  }
}
