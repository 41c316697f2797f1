import type { EventSourceLike } from "./source";

/** A server for tests: records what was opened and sends what the test says. */
export class FakeEventSource implements EventSourceLike {
  static opened: FakeEventSource[] = [];
  readonly url: string;
  readyState = 0;
  onopen: ((event: Event) => unknown) | null = null;
  onerror: ((event: Event) => unknown) | null = null;
  readonly #listeners = new Map<string, (event: MessageEvent<string>) => void>();

  constructor(url: string) {
    this.url = url;
    FakeEventSource.opened.push(this);
  }

  static get last(): FakeEventSource {
    return FakeEventSource.opened.at(-1) as FakeEventSource;
  }

  addEventListener(type: string, listener: (event: MessageEvent<string>) => void): void {
    this.#listeners.set(type, listener);
  }

  close(): void {
    this.readyState = 2;
  }

  accept(): void {
    this.readyState = 1;
    this.onopen?.(new Event("open"));
  }

  /** The connection breaks; `final` = the browser will not try again by itself. */
  break(final: boolean): void {
    this.readyState = final ? 2 : 0;
    this.onerror?.(new Event("error"));
  }

  send(type: string, data: unknown): void {
    const text = typeof data === "string" ? data : JSON.stringify(data);
    this.#listeners.get(type)?.(new MessageEvent(type, { data: text }));
  }
}
