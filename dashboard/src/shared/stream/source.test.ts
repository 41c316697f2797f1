import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { FakeEventSource } from "./fake-event-source";
import { StreamSource } from "./source";

const onEvent = vi.fn();
const onState = vi.fn();
let source: StreamSource;

beforeEach(() => {
  vi.useFakeTimers();
  FakeEventSource.opened = [];
  source = new StreamSource({ events: ["tick"], onEvent, onState, create: (url) => new FakeEventSource(url) });
});

afterEach(() => {
  source.close();
  vi.useRealTimers();
  vi.clearAllMocks();
});

describe("StreamSource", () => {
  it("tells parsed events and skips frames that are no JSON", () => {
    source.open("/api/stream");
    FakeEventSource.last.accept();
    FakeEventSource.last.send("tick", "{broken");
    FakeEventSource.last.send("tick", { t: 1 });
    expect(onEvent.mock.calls).toEqual([["tick", { t: 1 }]]);
    expect(onState.mock.calls.flat()).toEqual(["connecting", "open"]);
  });

  it("leaves ordinary breaks to the browser", () => {
    source.open("/api/stream");
    FakeEventSource.last.accept();
    FakeEventSource.last.break(false);
    vi.advanceTimersByTime(20_000);
    expect(FakeEventSource.opened).toHaveLength(1);
    expect(onState).toHaveBeenLastCalledWith("retrying");
  });

  it("comes back with growing pauses when the browser gave up, and starts small again after success", () => {
    source.open("/api/stream");
    FakeEventSource.last.break(true);
    vi.advanceTimersByTime(1000);
    expect(FakeEventSource.opened).toHaveLength(2);
    FakeEventSource.last.break(true);
    vi.advanceTimersByTime(1999);
    expect(FakeEventSource.opened).toHaveLength(2);
    vi.advanceTimersByTime(1);
    expect(FakeEventSource.opened).toHaveLength(3);
    FakeEventSource.last.accept();
    FakeEventSource.last.break(true);
    vi.advanceTimersByTime(1000);
    expect(FakeEventSource.opened).toHaveLength(4);
  });

  it("notices a connection that died without a word", () => {
    source.open("/api/stream");
    FakeEventSource.last.accept();
    vi.advanceTimersByTime(40_000);
    FakeEventSource.last.send("tick", {});
    vi.advanceTimersByTime(40_000);
    expect(FakeEventSource.opened).toHaveLength(1);
    vi.advanceTimersByTime(7000);
    expect(FakeEventSource.opened).toHaveLength(2);
  });

  it("keeps the connection for the same address, and leaves the old one for another", () => {
    source.open("/api/stream?entity=a");
    const first = FakeEventSource.last;
    source.open("/api/stream?entity=a");
    expect(FakeEventSource.opened).toHaveLength(1);
    source.open("/api/stream?entity=b");
    expect(first.readyState).toBe(2);
    first.send("tick", { t: 1 });
    expect(onEvent).not.toHaveBeenCalled();
    expect(FakeEventSource.last.url).toBe("/api/stream?entity=b");
  });
});
