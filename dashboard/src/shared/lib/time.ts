const pad = (value: number): string => String(value).padStart(2, "0");

/** 14:03:07 in the reader's zone. */
export function clock(ms: number): string {
  const date = new Date(ms);
  return `${pad(date.getHours())}:${pad(date.getMinutes())}:${pad(date.getSeconds())}`;
}

/** "14:03:07" today, "12 Jan 14:03" before. */
export function moment(ms: number, now: number): string {
  const date = new Date(ms);
  if (date.toDateString() === new Date(now).toDateString()) return clock(ms);
  return `${date.getDate()} ${date.toLocaleString("en", { month: "short" })} ${pad(date.getHours())}:${pad(date.getMinutes())}`;
}

/** The server's clock as the browser sees it: the offset of the freshest message, because delay only ever adds. */
export class ServerClock {
  #offset = Number.NEGATIVE_INFINITY;

  /** Tells the clock a server time that has just arrived. */
  observe(serverMs: number, now = Date.now()): void {
    const offset = serverMs - now;
    // Drift and suspended laptops: let an old estimate fade by a millisecond per message.
    this.#offset = Math.max(offset, this.#offset - 1);
  }

  now(browserNow = Date.now()): number {
    return Number.isFinite(this.#offset) ? browserNow + this.#offset : browserNow;
  }
}

export const serverClock = new ServerClock();
