import { describe, expect, it } from "vitest";
import type { SeriesMeta } from "@/shared/api/types";
import { groupOf, groupSeries } from "./grouping";

const series = (name: string, labels: Record<string, string> = {}, unit = "1", limit?: number): SeriesMeta => ({
  id: `${name}${JSON.stringify(labels)}`,
  name,
  unit,
  labels,
  limit,
});
const titles = (input: SeriesMeta[]): string[] =>
  groupSeries(input).flatMap((group) => group.charts.map((chart) => chart.title));
const charts = (input: SeriesMeta[]) => groupSeries(input).flatMap((group) => group.charts);

describe("groupOf", () => {
  it.each([
    ["system.cpu.utilization", "CPU"],
    ["system.linux.interrupts", "CPU"],
    ["system.memory.usage", "Memory"],
    ["system.paging.utilization", "Memory"],
    ["system.filesystem.usage", "Disk"],
    ["system.network.io", "Network"],
    ["system.linux.pressure", "Pressure"],
    ["probe.duration", "Requests"],
    ["http.server.request.duration", "Requests"],
    ["system.process.count", "Other"],
    ["my.own.metric", "Other"],
  ])("puts %s under %s", (name, group) => {
    expect(groupOf(name)).toBe(group);
  });
});

describe("groupSeries", () => {
  it("draws the modes of one measure in one chart, with the whole as total and idle hidden", () => {
    const [chart, ...rest] = charts([
      series("system.cpu.utilization", {}, "1", 1),
      ...["user", "idle", "system"].map((mode) => series("system.cpu.utilization", { "cpu.mode": mode })),
    ]);
    expect(rest).toEqual([]);
    expect(chart?.lines.map((line) => line.label)).toEqual(["total", "idle", "system", "user"]);
    expect(chart?.quiet).toEqual([chart?.lines[1]?.id]);
    expect([chart?.unit, chart?.limit]).toEqual(["share", 1]);
  });

  it("draws variants of a name in one chart, in their natural order", () => {
    const [chart] = charts(["15m", "1m", "5m"].map((window) => series(`system.cpu.load_average.${window}`)));
    expect(chart?.title).toBe("Load average");
    expect(chart?.lines.map((line) => line.label)).toEqual(["1m", "5m", "15m"]);
  });

  it("gives each of a few devices a chart with its directions", () => {
    const input = ["sda", "sdb"].flatMap((device) =>
      ["read", "write"].map((direction) =>
        series("system.disk.io", { "system.device": device, "disk.io.direction": direction }, "By/s"),
      ),
    );
    expect(titles(input)).toEqual(["Disk throughput · sda", "Disk throughput · sdb"]);
    expect(charts(input)[0]?.lines.map((line) => line.label)).toEqual(["read", "write"]);
  });

  it("gives many devices a chart per direction, split before lines cannot be told apart", () => {
    const input = Array.from({ length: 10 }, (_, index) => `veth${index}`).flatMap((name) =>
      ["receive", "transmit"].map((direction) =>
        series("system.network.io", { "network.interface.name": name, "network.io.direction": direction }, "By/s"),
      ),
    );
    expect(titles(input)).toEqual([
      "Network throughput · receive (1)",
      "Network throughput · receive (2)",
      "Network throughput · transmit (1)",
      "Network throughput · transmit (2)",
    ]);
    expect(charts(input)[0]?.lines).toHaveLength(8);
    expect(charts(input)[0]?.lines[0]?.label).toBe("veth0");
  });

  it("never mixes units in one chart", () => {
    expect(charts([series("queue.size", {}, "By"), series("queue.size", {}, "{item}")])).toHaveLength(2);
  });

  it("names pressure by its resource", () => {
    const input = ["cpu", "io"].flatMap((resource) =>
      ["some", "full"].map((kind) =>
        series("system.linux.pressure", { "system.pressure.resource": resource, "system.pressure.kind": kind }),
      ),
    );
    expect(titles(input)).toEqual(["CPU pressure", "I/O pressure"]);
  });

  it("shows every series exactly once and in an order that does not depend on arrival", () => {
    const input = [
      series("system.filesystem.utilization", { "system.filesystem.mountpoint": "/" }),
      series("system.filesystem.utilization", { "system.filesystem.mountpoint": "/var" }),
      series("system.process.count"),
      series("system.process.count", { "process.state": "running" }),
      series("probe.duration", {}, "s"),
    ];
    const ids = (list: SeriesMeta[]): string[] => charts(list).flatMap((chart) => chart.lines.map((line) => line.id));
    expect([...ids(input)].sort()).toEqual(input.map((meta) => meta.id).sort());
    expect(ids([...input].reverse())).toEqual(ids(input));
  });
});
