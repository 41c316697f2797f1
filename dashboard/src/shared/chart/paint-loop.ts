/** Something that can be drawn again: a chart or a number that follows the stream. */
export interface Painter {
  paint(): void;
  /** False while scrolled out of sight. */
  visible: boolean;
}

/**
 * One requestAnimationFrame loop for the whole page. It runs only when something was invalidated, and only what can be
 * seen is painted; what comes into sight later is painted then.
 */
export class PaintLoop {
  readonly #painters = new Set<Painter>();
  readonly #dirty = new Set<Painter>();
  #frame = 0;

  add(painter: Painter): () => void {
    this.#painters.add(painter);
    this.invalidate(painter);
    return () => {
      this.#painters.delete(painter);
      this.#dirty.delete(painter);
    };
  }

  invalidate(painter: Painter): void {
    this.#dirty.add(painter);
    if (painter.visible) this.#request();
  }

  invalidateAll(): void {
    for (const painter of this.#painters) this.#dirty.add(painter);
    this.#request();
  }

  show(painter: Painter, visible: boolean): void {
    painter.visible = visible;
    if (visible && this.#dirty.has(painter)) this.#request();
  }

  #request(): void {
    if (this.#frame === 0) this.#frame = requestAnimationFrame(this.#run);
  }

  readonly #run = (): void => {
    this.#frame = 0;
    for (const painter of this.#dirty) {
      if (!painter.visible) continue;
      this.#dirty.delete(painter);
      painter.paint();
    }
  };
}

export const paintLoop = new PaintLoop();
