import { QueryClient } from "@tanstack/react-query";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { incidentsQuery, jobQuery, statusQuery } from "@/shared/api/queries";
import { EntityStore } from "./entity-store";
import { FakeEventSource } from "./fake-event-source";
import { StreamHub } from "./hub";

let client: QueryClient;
let hub: StreamHub;

beforeEach(() => {
  FakeEventSource.opened = [];
  client = new QueryClient();
  hub = new StreamHub(client, (url) => new FakeEventSource(url));
  hub.connect("host one");
  FakeEventSource.last.accept();
});

afterEach(() => {
  hub.close();
  client.clear();
});

const tick = (t: number) => ({
  entity: "host one",
  cadenceMs: 1000,
  t,
  score: 0.4,
  p: 0.5,
  anomalous: false,
  maturity: "warm",
  schema: "s",
  values: [t],
});

describe("StreamHub", () => {
  it("names the entity in the address", () => {
    expect(FakeEventSource.last.url).toBe("/api/stream?entity=host+one");
    hub.connect("");
    expect(FakeEventSource.last.url).toBe("/api/stream");
  });

  it("remembers schemas for stores that come later", () => {
    FakeEventSource.last.send("schema", { hash: "s", columns: [{ id: "a", name: "a", unit: "1", labels: {} }] });
    const store = new EntityStore("host one", { stepMs: 1000, windowMs: 10_000, until: null }, hub.schemas);
    const detach = hub.attach(store);
    FakeEventSource.last.send("tick", tick(1000));
    detach();
    FakeEventSource.last.send("tick", tick(2000));
    expect(store.latest("a")?.value).toBe(1000);
    expect(store.ring.length).toBe(1);
    expect(hub.lastTick).toBe(2000);
    expect(hub.stepMs).toBe(1000);
    hub.connect("host two");
    expect(hub.stepMs).toBeNaN();
  });

  it("counts connections, and asks for everything again after a break", () => {
    const invalidate = vi.spyOn(client, "invalidateQueries");
    expect(hub.opened).toBe(1);
    FakeEventSource.last.break(false);
    expect(hub.state).toBe("retrying");
    FakeEventSource.last.accept();
    expect(hub.opened).toBe(2);
    expect(invalidate).toHaveBeenCalledOnce();
  });

  it("puts status, incidents and jobs where the pages read them", () => {
    client.setQueryData(incidentsQuery.queryKey, []);
    FakeEventSource.last.send("status", { at: Date.now(), openIncidents: 2 });
    FakeEventSource.last.send("incident", { id: "i", revision: 1, status: "open" });
    FakeEventSource.last.send("incident", { id: "i", revision: 3, status: "resolved" });
    FakeEventSource.last.send("incident", { id: "i", revision: 2, status: "acknowledged" });
    FakeEventSource.last.send("job", { id: "j", at: 2, progress: 0.6 });
    FakeEventSource.last.send("job", { id: "j", at: 1, progress: 0.2 });
    expect(client.getQueryData(statusQuery.queryKey)?.openIncidents).toBe(2);
    expect(client.getQueryData(incidentsQuery.queryKey)).toMatchObject([{ id: "i", revision: 3, status: "resolved" }]);
    expect(client.getQueryData(jobQuery("j").queryKey)?.progress).toBe(0.6);
  });
});
