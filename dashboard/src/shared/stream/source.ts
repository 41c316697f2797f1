export type StreamState = "connecting" | "open" | "retrying";

/** The part of EventSource this needs, so that tests can play the server. */
export interface EventSourceLike {
  readonly readyState: number;
  onopen: ((event: Event) => unknown) | null;
  onerror: ((event: Event) => unknown) | null;
  addEventListener(type: string, listener: (event: MessageEvent<string>) => void): void;
  close(): void;
}

export interface SourceOptions {
  events: readonly string[];
  onEvent: (type: string, data: unknown) => void;
  onState: (state: StreamState) => void;
  create?: (url: string) => EventSourceLike;
}

const CLOSED = 2;
const FIRST_RETRY_MS = 1000;
const LAST_RETRY_MS = 15_000;
/** Longer than any pause of a living stream; a connection that died silently is found this way. */
const SILENCE_MS = 45_000;

/** One EventSource with manners: it comes back after errors the browser gives up on, and notices a dead connection. */
export class StreamSource {
  readonly #options: SourceOptions;
  #url: string | null = null;
  #source: EventSourceLike | null = null;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #silence: ReturnType<typeof setTimeout> | undefined;
  #retryMs = FIRST_RETRY_MS;

  constructor(options: SourceOptions) {
    this.#options = options;
  }

  /** Connects to an address; the same one again changes nothing. */
  open(url: string): void {
    if (url === this.#url) return;
    this.close();
    this.#url = url;
    this.#connect();
  }

  close(): void {
    clearTimeout(this.#retry);
    clearTimeout(this.#silence);
    this.#source?.close();
    this.#source = null;
    this.#url = null;
  }

  #connect(): void {
    if (this.#url === null) return;
    this.#options.onState("connecting");
    const create = this.#options.create ?? ((url: string): EventSourceLike => new EventSource(url));
    const source = create(this.#url);
    this.#source = source;
    source.onopen = () => {
      this.#retryMs = FIRST_RETRY_MS;
      this.#options.onState("open");
      this.#listen();
    };
    source.onerror = () => {
      this.#options.onState("retrying");
      // The browser reconnects by itself unless the answer was no event stream at all.
      if (source.readyState === CLOSED) this.#again();
    };
    for (const type of this.#options.events)
      source.addEventListener(type, (event) => {
        if (source !== this.#source) return;
        this.#listen();
        const data = parse(event.data);
        if (data !== undefined) this.#options.onEvent(type, data);
      });
    this.#listen();
  }

  #again(): void {
    this.#source?.close();
    this.#source = null;
    clearTimeout(this.#silence);
    clearTimeout(this.#retry);
    this.#retry = setTimeout(() => this.#connect(), this.#retryMs);
    this.#retryMs = Math.min(this.#retryMs * 2, LAST_RETRY_MS);
  }

  #listen(): void {
    clearTimeout(this.#silence);
    this.#silence = setTimeout(() => {
      this.#options.onState("retrying");
      this.#again();
    }, SILENCE_MS);
  }
}

/** A frame that is not JSON is skipped: one bad event must not end the stream. */
function parse(data: string): unknown {
  try {
    return JSON.parse(data);
  } catch {
    return undefined;
  }
}
