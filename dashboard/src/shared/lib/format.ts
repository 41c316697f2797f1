/** A number in the unit a person reads: text and unit apart, so that the unit can be set smaller. */
export interface Quantity {
  text: string;
  unit: string;
}

const BINARY = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"] as const;
const DECIMAL = ["", "k", "M", "G", "T"] as const;
const SCALED_UNITS: ReadonlySet<string> = new Set(["share", "%", "By", "By/s", "s", "ms", "Cel"]);
const SHARE_NAME = /utilization|pressure|ratio|fraction|share|io_time/;

/** Unit of what is a share of a whole, 0 to 1, and reads best as a percentage. UCUM calls it `1`, like much else. */
export const SHARE = "share";

/** The unit to show: `SHARE` when name or limit say that a plain `1` is one. */
export function displayUnit(name: string, unit: string, limit?: number | null): string {
  return unit === "1" && (limit === 1 || SHARE_NAME.test(name)) ? SHARE : unit;
}

export const isBytes = (unit: string): boolean => unit === "By" || unit === "By/s";

/** Three significant digits without exponent, and no decimals on numbers that need none. */
export function significant(value: number): string {
  const size = Math.abs(value);
  if (size === 0) return "0";
  if (size >= 100) return value.toFixed(0);
  if (size >= 10) return trim(value.toFixed(1));
  if (size >= 0.01) return trim(value.toFixed(2));
  return size < 0.001 ? value.toExponential(0) : trim(value.toFixed(4));
}

const trim = (text: string): string => (text.includes(".") ? text.replace(/\.?0+$/, "") : text);

/** Formats a UCUM quantity; null, undefined and NaN are an en dash. `name` tells shares from plain numbers. */
export function quantity(value: number | null | undefined, unit: string, name = ""): Quantity {
  if (value === null || value === undefined || !Number.isFinite(value)) return { text: "–", unit: "" };
  switch (displayUnit(name, unit)) {
    case SHARE:
      return { text: percentText(value * 100), unit: "%" };
    case "%":
      return { text: percentText(value), unit: "%" };
    case "By":
      return scaled(value, 1024, BINARY);
    case "By/s": {
      const { text, unit: prefix } = scaled(value, 1024, BINARY);
      return { text, unit: `${prefix}/s` };
    }
    case "s":
      return secondsQuantity(value);
    case "ms":
      return secondsQuantity(value / 1000);
    case "Cel":
      return { text: significant(value), unit: "°C" };
    default: {
      const { text, unit: prefix } = scaled(value, 1000, DECIMAL);
      return { text: text + prefix, unit: plainUnit(unit) };
    }
  }
}

export function quantityText(value: number | null | undefined, unit: string, name = ""): string {
  const { text, unit: suffix } = quantity(value, unit, name);
  if (suffix === "") return text;
  return suffix === "%" ? `${text}%` : `${text}\u00a0${suffix}`;
}

/** The same for a value axis, where the thing counted is known from the title: "200", not "200 processes". */
export function axisText(value: number, unit: string): string {
  return SCALED_UNITS.has(unit) ? quantityText(value, unit) : quantityText(value, "1");
}

function percentText(value: number): string {
  const size = Math.abs(value);
  if (size === 0) return "0";
  if (size < 0.05) return value > 0 ? "<0.1" : ">-0.1";
  return size >= 9.95 ? value.toFixed(0) : value.toFixed(1);
}

function scaled(value: number, base: number, prefixes: readonly string[]): Quantity {
  let scaledValue = value;
  let index = 0;
  // 999.5 would print as "1000": step up a little early.
  while (Math.abs(scaledValue) >= base * 0.9995 && index < prefixes.length - 1) {
    scaledValue /= base;
    index++;
  }
  return {
    text: index === 0 && base === 1024 ? scaledValue.toFixed(0) : significant(scaledValue),
    unit: prefixes[index] ?? "",
  };
}

function secondsQuantity(seconds: number): Quantity {
  const size = Math.abs(seconds);
  if (size === 0) return { text: "0", unit: "ms" };
  if (size < 0.001) return { text: significant(seconds * 1e6), unit: "µs" };
  if (size < 1) return { text: significant(seconds * 1000), unit: "ms" };
  if (size < 120) return { text: significant(seconds), unit: "s" };
  if (size < 7200) return { text: significant(seconds / 60), unit: "min" };
  return size < 172_800
    ? { text: significant(seconds / 3600), unit: "h" }
    : { text: significant(seconds / 86_400), unit: "d" };
}

/** `{process}` is an annotation in UCUM: the thing counted. `1` and annotations of it say nothing more. */
function plainUnit(unit: string): string {
  const rate = unit.endsWith("/s") ? "/s" : "";
  const base = rate ? unit.slice(0, -2) : unit;
  if (base === "1" || base === "" || base === "{thread}" || base === "{run_queue_item}") return rate;
  const counted = /^\{(.+)\}$/.exec(base)?.[1];
  if (!counted) return base + rate;
  return (PLURALS[counted] ?? `${counted}s`) + rate;
}

const PLURALS: Record<string, string> = { process: "processes", switch: "switches", cpu: "CPUs" };

/** "4 s", "3 min", "1 h 20 min", "2 d 4 h": two parts at most. */
export function duration(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return minutes < 5 && seconds % 60 ? `${minutes} min ${seconds % 60} s` : `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return minutes % 60 ? `${hours} h ${minutes % 60} min` : `${hours} h`;
  return hours % 24 ? `${Math.floor(hours / 24)} d ${hours % 24} h` : `${Math.floor(hours / 24)} d`;
}

/** "just now" or "3 min ago". */
export const ago = (ms: number): string => (ms < 5000 ? "just now" : `${duration(ms)} ago`);

/** A rough time for forecasts, which deserve no false precision: "~4 min", "~2 h". */
export function about(seconds: number): string {
  if (seconds < 55) return `~${Math.max(5, Math.round(seconds / 5) * 5)} s`;
  const minutes = seconds / 60;
  if (minutes < 90) return `~${Math.round(minutes)} min`;
  return minutes < 2880 ? `~${Math.round(minutes / 60)} h` : `~${Math.round(minutes / 1440)} d`;
}

/** How rare: p 0.0003 is "1 in 3,300". Never more precise than two digits, and nothing below one in ten is rare. */
export function rarity(p: number | null | undefined): string {
  if (p === null || p === undefined || !Number.isFinite(p)) return "–";
  if (p <= 0) return "1 in over a billion";
  const odds = 1 / p;
  if (odds < 10) return "usual";
  const size = 10 ** (Math.floor(Math.log10(odds)) - 1);
  const rounded = Math.round(odds / size) * size;
  if (rounded < 1e6) return `1 in ${rounded.toLocaleString("en-US")}`;
  if (rounded < 1e9) return `1 in ${trim((rounded / 1e6).toFixed(1))} million`;
  return "1 in over a billion";
}

export const milliseconds = (value: number | null | undefined): string =>
  value === null || value === undefined
    ? "–"
    : value < 10
      ? trim(value.toFixed(1))
      : Math.round(value).toLocaleString("en-US");

export const integer = (value: number): string => Math.round(value).toLocaleString("en-US");
