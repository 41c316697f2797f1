import { describe, expect, it } from "vitest";
import { about, ago, axisText, displayUnit, duration, milliseconds, quantityText, rarity, significant } from "./format";

const shown = (value: number | null, unit: string, name?: string): string =>
  quantityText(value, unit, name).replace("\u00a0", " ");

describe("quantities", () => {
  it.each([
    [0, "By", "0 B"],
    [1023, "By", "1023 B"],
    [1536, "By", "1.5 KiB"],
    [16 * 2 ** 30, "By", "16 GiB"],
    [5.4 * 2 ** 30, "By", "5.4 GiB"],
    [1024 ** 2 - 1, "By", "1 MiB"],
    [3.2 * 2 ** 20, "By/s", "3.2 MiB/s"],
    [0.0123, "s", "12.3 ms"],
    [0.0000005, "s", "0.5 µs"],
    [0, "s", "0 ms"],
    [90, "s", "90 s"],
    [600, "s", "10 min"],
    [250, "ms", "250 ms"],
    [214, "{process}", "214 processes"],
    [1_250_000, "{packet}/s", "1.25M packets/s"],
    [0.6, "{thread}", "0.6"],
    [0.25, "1", "0.25"],
    [41.5, "Cel", "41.5 °C"],
    [12.34, "%", "12%"],
  ])("%s %s is %s", (value, unit, text) => {
    expect(shown(value, unit)).toBe(text);
  });

  it.each([
    [0.8734, "87%"],
    [0.0342, "3.4%"],
    [0.0001, "<0.1%"],
    [0.0996, "10%"],
    [0, "0%"],
    [1, "100%"],
  ])("shows the share %s as %s", (value, text) => {
    expect(shown(value, "1", "system.cpu.utilization")).toBe(text);
  });

  it("takes a plain 1 for a share when name or limit say so", () => {
    expect(displayUnit("system.disk.io_time", "1", 1)).toBe("share");
    expect(displayUnit("system.linux.pressure", "1")).toBe("share");
    expect(displayUnit("probe.success", "1")).toBe("1");
    expect(displayUnit("x.utilization", "By", 1)).toBe("By");
  });

  it.each([null, Number.NaN, Number.POSITIVE_INFINITY])("shows %s as a dash", (value) => {
    expect(shown(value, "By")).toBe("–");
  });

  it("leaves the thing counted out on axes", () => {
    expect(axisText(2000, "{process}")).toBe("2k");
    expect(axisText(0.5, "share")).toBe("50%");
  });

  it.each([
    [1234.5, "1235"],
    [99.96, "100"],
    [12.34, "12.3"],
    [1.005, "1"],
    [0.0123, "0.01"],
    [0.0042, "0.0042"],
    [-3.456, "-3.46"],
  ])("rounds %s to %s", (value, text) => {
    expect(significant(value)).toBe(text);
  });
});

describe("times", () => {
  it.each([
    [-5, "0 s"],
    [34_400, "34 s"],
    [59_600, "1 min"],
    [125_000, "2 min 5 s"],
    [600_000, "10 min"],
    [4_800_000, "1 h 20 min"],
    [7_200_000, "2 h"],
    [187_200_000, "2 d 4 h"],
    [86_400_000, "1 d"],
  ])("%s ms last %s", (ms, text) => {
    expect(duration(ms)).toBe(text);
  });

  it.each([
    [3, "~5 s"],
    [42, "~40 s"],
    [240, "~4 min"],
    [7200, "~2 h"],
    [259_200, "~3 d"],
  ])("forecasts %s s as %s", (seconds, text) => {
    expect(about(seconds)).toBe(text);
  });

  it("says when something was", () => {
    expect(ago(1200)).toBe("just now");
    expect(ago(600_000)).toBe("10 min ago");
  });
});

describe("rarity", () => {
  it.each([
    [1, "usual"],
    [0.2, "usual"],
    [0.04, "1 in 25"],
    [0.0003, "1 in 3,300"],
    [3.1e-7, "1 in 3.2 million"],
    [1e-12, "1 in over a billion"],
    [0, "1 in over a billion"],
    [null, "–"],
  ])("p = %s is %s", (p, text) => {
    expect(rarity(p)).toBe(text);
  });
});

describe("milliseconds", () => {
  it.each([
    [null, "–"],
    [4.26, "4.3"],
    [21.7, "22"],
    [1234.5, "1,235"],
  ])("%s is %s", (value, text) => {
    expect(milliseconds(value)).toBe(text);
  });
});
