import { describe, expect, it } from "vitest";
import { seriesTitle, splitVariant, titleOf } from "./series-name";

describe("names of series", () => {
  it("have titles people use", () => {
    expect(titleOf("system.cpu.utilization")).toBe("CPU use");
    expect(titleOf("forewarn.gc.heap_size")).toBe("GC heap size");
    expect(titleOf("system")).toBe("System");
  });

  it("are told apart by variant and labels", () => {
    expect(splitVariant("system.cpu.load_average.15m")).toEqual({ family: "system.cpu.load_average", variant: "15m" });
    expect(splitVariant("request.duration.p99")).toEqual({ family: "request.duration", variant: "p99" });
    expect(splitVariant("system.memory.usage")).toEqual({ family: "system.memory.usage", variant: "" });
    expect(seriesTitle("system.disk.io", { "system.device": "sda", "disk.io.direction": "read" })).toBe(
      "Disk throughput · read · sda",
    );
  });
});
