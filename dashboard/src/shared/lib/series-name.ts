import type { Labels } from "@/shared/api/types";

/** Titles for the names people meet most; anything else is derived from its name. */
const TITLES: Record<string, string> = {
  "system.cpu.utilization": "CPU use",
  "system.cpu.load_average": "Load average",
  "system.memory.utilization": "Memory use",
  "system.memory.usage": "Memory",
  "system.memory.limit": "Memory installed",
  "system.linux.memory.available": "Memory available",
  "system.paging.utilization": "Swap use",
  "system.paging.usage": "Swap",
  "system.paging.operations": "Paging",
  "system.paging.faults": "Page faults",
  "system.disk.io": "Disk throughput",
  "system.disk.operations": "Disk operations",
  "system.disk.io_time": "Disk busy",
  "system.disk.operation_time": "Disk operation time",
  "system.filesystem.utilization": "Disk space used",
  "system.filesystem.usage": "Disk space",
  "system.network.io": "Network throughput",
  "system.network.packets": "Network packets",
  "system.network.packet.count": "Network packets",
  "system.network.errors": "Network errors",
  "system.network.connections": "Network connections",
  "system.process.count": "Processes",
  "system.processes.count": "Processes",
  "system.process.created": "Processes started",
  "system.thread.count": "Threads",
  "system.memory.linux.available": "Memory available",
  "system.memory.linux.dirty": "Memory not yet written",
  "system.linux.context_switches": "Context switches",
  "system.network.packet.dropped": "Network packets dropped",
  "probe.duration": "Probe latency",
  "probe.success": "Probe success",
  "http.response.status_code": "Probe status code",
  "system.processes.created": "Processes started",
  "system.uptime": "Uptime",
  "http.server.request.duration": "Request latency",
  "http.client.request.duration": "Probe latency",
};

const ACRONYMS: Record<string, string> = {
  cpu: "CPU",
  io: "I/O",
  http: "HTTP",
  tcp: "TCP",
  url: "URL",
  gc: "GC",
  psi: "Pressure",
};
const NOISE = new Set(["system", "linux", "host", "forewarn"]);

/** The part that tells variants of one measure apart: `1m` of `load_average.1m`, `p99` of `duration.p99`. */
const VARIANT = /[._](\d+[smh]|p\d{2,3}|avg\d+|min|max|mean|avg)$/;

/** Name without its variant, and the variant. */
export function splitVariant(name: string): { family: string; variant: string } {
  const found = VARIANT.exec(name);
  return found ? { family: name.slice(0, found.index), variant: found[1] ?? "" } : { family: name, variant: "" };
}

export function titleOf(family: string): string {
  const known = TITLES[family];
  if (known) return known;
  const words = family
    .split(/[._]/)
    .filter((word) => word !== "" && !NOISE.has(word))
    .map((word) => ACRONYMS[word] ?? word);
  const text = words.length > 0 ? words.join(" ") : family;
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Labels as people say them: values only, in the order of their keys. */
export const labelText = (labels: Labels): string =>
  Object.keys(labels)
    .sort()
    .map((key) => ACRONYMS[labels[key] ?? ""] ?? labels[key])
    .join(" · ");

/** "CPU use · user": one series in one line. */
export function seriesTitle(name: string, labels: Labels): string {
  const { family, variant } = splitVariant(name);
  return [titleOf(family), variant, labelText(labels)].filter(Boolean).join(" · ");
}
