// A small believable world: every value is a function of entity, series and time, so that history and stream agree.
import { createHash } from "node:crypto";

const hash = (text) => createHash("sha256").update(text).digest("hex").slice(0, 16);
const GIB = 2 ** 30;
export const MIB = 2 ** 20;

/** Fault of the first host: load that began some minutes before the mock was started and goes on. */
export const STARTED = Date.now();
export const FAULT_FROM = STARTED - 4 * 60_000;
export const OLD_FAULT = [STARTED - 52 * 60_000, STARTED - 46 * 60_000];

export const ENTITIES = ["atlas", "web-1", "web-2", "web-3", "db-primary", "db-replica", "queue-1", "edge-fra-1"];

function noise(key, t, scale) {
  const at = (n) => {
    let x = Math.imul(n ^ key, 0x9e3779b1);
    x = Math.imul(x ^ (x >>> 15), 0x85ebca6b);
    return ((x ^ (x >>> 13)) >>> 0) / 2 ** 32 - 0.5;
  };
  const n = Math.floor(t / scale);
  const f = t / scale - n;
  const smooth = f * f * (3 - 2 * f);
  return at(n) * (1 - smooth) + at(n + 1) * smooth;
}

const faulty = (entity, t) =>
  entity === "atlas" && (t >= FAULT_FROM || (t >= OLD_FAULT[0] && t < OLD_FAULT[1])) ? 1 : 0;

/** name, unit, labels, limit, base, spread, change under the fault */
const SHAPES = [
  ["system.cpu.utilization", "1", { "cpu.mode": "user" }, 1, 0.12, 0.09, 0.74],
  ["system.cpu.utilization", "1", { "cpu.mode": "system" }, 1, 0.035, 0.02, 0.09],
  ["system.cpu.utilization", "1", { "cpu.mode": "iowait" }, 1, 0.006, 0.01, 0],
  ["system.cpu.utilization", "1", { "cpu.mode": "idle" }, 1, 0.82, 0.1, -0.8],
  ["system.cpu.load_average.1m", "{run_queue_item}", {}, null, 0.6, 0.5, 4.1],
  ["system.cpu.load_average.5m", "{run_queue_item}", {}, null, 0.55, 0.2, 2.6],
  ["system.cpu.load_average.15m", "{run_queue_item}", {}, null, 0.5, 0.1, 1.2],
  ["system.memory.usage", "By", { "system.memory.state": "used" }, null, 5.4 * GIB, 0.3 * GIB, 0.2 * GIB],
  ["system.memory.usage", "By", { "system.memory.state": "cached" }, null, 3.1 * GIB, 0.1 * GIB, 0],
  ["system.memory.usage", "By", { "system.memory.state": "buffers" }, null, 0.4 * GIB, 0.02 * GIB, 0],
  ["system.memory.utilization", "1", {}, 1, 0.34, 0.02, 0.01],
  ["system.paging.utilization", "1", {}, 1, 0.02, 0.001, 0],
  [
    "system.disk.io",
    "By/s",
    { "system.device": "nvme0n1", "disk.io.direction": "read" },
    null,
    1.1 * MIB,
    1.9 * MIB,
    0,
  ],
  ["system.disk.io", "By/s", { "system.device": "nvme0n1", "disk.io.direction": "write" }, null, 3.4 * MIB, 4 * MIB, 0],
  ["system.disk.io_time", "1", { "system.device": "nvme0n1" }, 1, 0.04, 0.05, 0],
  ["system.filesystem.utilization", "1", { "system.filesystem.mountpoint": "/" }, 1, 0.46, 0.002, 0],
  ["system.filesystem.utilization", "1", { "system.filesystem.mountpoint": "/var" }, 1, 0.9, 0, 0],
  [
    "system.network.io",
    "By/s",
    { "network.interface.name": "eth0", "network.io.direction": "receive" },
    null,
    0.9 * MIB,
    1.1 * MIB,
    0,
  ],
  [
    "system.network.io",
    "By/s",
    { "network.interface.name": "eth0", "network.io.direction": "transmit" },
    null,
    0.5 * MIB,
    0.6 * MIB,
    0,
  ],
  ["system.network.errors", "{error}/s", { "network.interface.name": "eth0" }, null, 0, 0, 0],
  ["system.linux.pressure", "1", { resource: "cpu", kind: "some" }, 1, 0.01, 0.012, 0.52],
  ["system.linux.pressure", "1", { resource: "io", kind: "some" }, 1, 0.008, 0.01, 0],
  ["system.linux.pressure", "1", { resource: "io", kind: "full" }, 1, 0.005, 0.008, 0],
  ["system.linux.pressure", "1", { resource: "memory", kind: "some" }, 1, 0, 0.002, 0],
  ["http.client.request.duration", "s", { "url.full": "http://127.0.0.1:7700/health" }, null, 0.012, 0.008, 0.05],
  ["http.server.request.duration.p50", "s", { "http.route": "/v1/range" }, null, 0.004, 0.002, 0.006],
  ["http.server.request.duration.p99", "s", { "http.route": "/v1/range" }, null, 0.021, 0.012, 0.06],
  ["system.processes.count", "{process}", {}, null, 214, 6, 4],
];

const canonical = (name, labels) =>
  name +
  Object.keys(labels)
    .sort()
    .map((key) => `|${key}=${labels[key]}`)
    .join("");

export const COLUMNS = SHAPES.map(([name, unit, labels, limit]) => ({
  id: hash(canonical(name, labels)),
  name,
  unit,
  labels,
  ...(limit === null ? {} : { limit }),
}));
export const SCHEMA = { hash: hash(COLUMNS.map((column) => column.id).join()), columns: COLUMNS };

export const VAR = COLUMNS.findIndex((column) => column.labels["system.filesystem.mountpoint"] === "/var");
/** Fills a percent in about 40 s of the fault; reaches the limit a few minutes after the start. */
const fill = (entity, t) => (entity === "atlas" ? Math.min(1, 0.9 + Math.max(0, t - FAULT_FROM) / 5_400_000) : 0.52);

export function value(entity, column, t) {
  const [, , , , base, spread, change] = SHAPES[column];
  if (column === VAR) return fill(entity, t);
  const key = Number.parseInt(hash(`${entity}${column}`).slice(0, 7), 16);
  const wave = noise(key, t, 2500) * 0.5 + noise(key + 1, t, 30_000) * 0.8 + noise(key + 2, t, 600_000);
  const burst = Math.max(0, noise(key + 3, t, 8000) - 0.42) * 6;
  return Math.max(
    0,
    base + spread * (wave + burst * 0.6) + change * faulty(entity, t) * (0.94 + 0.08 * noise(key, t, 4000)),
  );
}

export function z(entity, column, t) {
  const [, , , , base, spread] = SHAPES[column];
  if (column === VAR) return entity === "atlas" && t > FAULT_FROM ? 6 : 0;
  return spread === 0 ? 0 : ((value(entity, column, t) - base) / spread) * 1.6;
}

export function verdict(entity, t) {
  const key = Number.parseInt(hash(entity).slice(0, 7), 16);
  const calm = 0.42 + 0.05 * noise(key, t, 3000) + 0.04 * noise(key + 1, t, 45_000);
  const score = faulty(entity, t) ? 0.71 + 0.05 * noise(key, t, 2500) : calm;
  const p = Math.min(1, 10 ** (-(score - 0.41) * 19));
  return { score, p, anomalous: faulty(entity, t) === 1 };
}

export function outlook(entity) {
  return {
    entity,
    schema: SCHEMA.hash,
    lower: SHAPES.map(([, , , , base, spread]) => Math.max(0, base - spread * 1.1)),
    upper: SHAPES.map(([, , , , base, spread]) => base + spread * 1.1),
    forecasts:
      entity === "atlas"
        ? [
            {
              series: COLUMNS[VAR].id,
              limit: 1,
              p5m: 0.71,
              p15m: 0.94,
              p60m: 0.99,
              medianSeconds: Math.max(20, ((1 - fill(entity, Date.now())) * 5_400_000) / 1000),
              lowSeconds: 180,
              highSeconds: 420,
            },
          ]
        : [],
  };
}

/** What each way of judging made of some columns. */
const RANKS = {
  0: { zRank: 1, energyRank: 2, importance: 0.41, importanceRank: 1 },
  4: { zRank: 3, energyRank: 1, importance: 0.22, importanceRank: 2 },
  20: { zRank: 2, energyRank: 5, importance: 0.004, importanceRank: 9 },
  24: { zRank: 11 },
};

export const contributor = (index, seen) => {
  const { id: series, name, unit, labels } = COLUMNS[index];
  const [, , , , base, spread] = SHAPES[index];
  return {
    series,
    name,
    unit,
    labels,
    value: seen,
    expected: base,
    low: Math.max(0, base - spread),
    high: base + spread,
    z: ((seen - base) / (spread || 1)) * 1.6,
    ...RANKS[index],
  };
};

export const incident = (fields) => ({
  v: 1,
  revision: 3,
  fingerprint: hash(fields.id),
  kind: "joint",
  severity: "critical",
  openedAt: fields.startedAt + 3000,
  updatedAt: fields.startedAt + 90_000,
  acknowledgedAt: null,
  resolvedAt: null,
  count: 41,
  p: 3.1e-7,
  score: 0.73,
  contributors: [],
  forecast: null,
  entities: [fields.entity],
  labels: {},
  symptoms: [],
  symptomCount: 0,
  storm: false,
  reopened: 0,
  flapping: false,
  prediction: null,
  assignee: null,
  mutedBy: null,
  timeline: [],
  deliveries: [],
  model: "9f3ac1d07be24c55",
  stamps: {
    received: fields.startedAt + 2910,
    featured: fields.startedAt + 2921,
    scored: fields.startedAt + 2934,
    detected: fields.startedAt + 2936,
    notified: fields.startedAt + 2962,
  },
  ...fields,
});

const model = (version, fields) => ({
  v: 1,
  version,
  kind: "isolation-forest",
  group: "any",
  featureSpec: "f2",
  rowSpec: "r2",
  sha256: hash(version) + hash(version + 1) + hash(version + 2) + hash(version + 3),
  sizeBytes: 1_204_331,
  parent: null,
  ...fields,
});
const span = (id, kind, entity, hours, championAfterSeconds, challengerAfterSeconds) => ({
  id,
  kind,
  entity,
  from: STARTED - hours * 3_600_000,
  to: STARTED - hours * 3_600_000 + 400_000,
  championAfterSeconds,
  challengerAfterSeconds,
});
const REPLAY = {
  labels: hash("labels"),
  at: STARTED - 20 * 60_000,
  incidents: 4,
  championFound: 2,
  challengerFound: 3,
  falseAlarms: 2,
  championRepeated: 2,
  challengerRepeated: 1,
  unread: 1,
  spans: [
    span("s1", "missed", "db-primary", 3, null, 41),
    span("s2", "useful", "atlas", 5, 12, -8),
    span("s3", "false-alarm", "queue-1", 9, 3, null),
    span("s4", "useful", "payments-gateway-eu-central-1b.prod.example.com", 12, 0.4, 230),
  ],
};
const comparison = (fields) => ({
  against: "9f3ac1d07be24c55",
  since: STARTED - 7 * 3_600_000,
  ticks: 201_600,
  championOpenings: 3,
  challengerOpenings: 2,
  falseAlarmsPerWeek: 1,
  agreement: 0.93,
  at: STARTED,
  ...fields,
});

export const MODELS = [
  model("9f3ac1d07be24c55", {
    state: "champion",
    createdAt: STARTED - 3_600_000,
    championAt: STARTED - 3_000_000,
    trainedOn: "history",
    rows: 43_200,
    parent: "51c7e0aa19d3f842",
    replaced: "51c7e0aa19d3f842",
  }),
  model("c04d8812f6a1b973", {
    kind: "autoencoder",
    state: "challenger",
    createdAt: STARTED - 7 * 3_600_000,
    trainedOn: "history",
    rows: 43_200,
    parent: "9f3ac1d07be24c55",
    reason: "On trial beside 9f3ac1d07be24c55: 7 of 24 hours.",
    comparison: comparison({ replay: REPLAY }),
  }),
  model("7710be5a3c92d4ef", {
    kind: "half-space-trees",
    state: "retired",
    createdAt: STARTED - 20 * 3_600_000,
    championAt: STARTED - 16 * 3_600_000,
    rolledBackAt: STARTED - 14 * 3_600_000,
    trainedOn: "history",
    rows: 43_200,
    reason: "Rolled back: 9 alarms in 12.0 entity-hours, where 3 times the budget makes 0.2.",
    comparison: comparison({
      against: "51c7e0aa19d3f842",
      replay: { ...REPLAY, incidents: 0, falseAlarms: 0, unread: 0, spans: [] },
    }),
  }),
  model("51c7e0aa19d3f842", {
    state: "retired",
    createdAt: STARTED - 26 * 3_600_000,
    trainedOn: "generated",
    rows: 20_000,
  }),
];

export const DRIFT = {
  model: "9f3ac1d07be24c55",
  summary: "'level_2nd' has moved by 0.310 (bound 0.2) on 412,300 ticks in 26 hours.",
  moved: true,
  bound: 0.2,
  hours: 26,
  hoursNeeded: 12,
  ticks: 412_300,
  ticksNeeded: 20_000,
  score: 0.171,
  features: [
    ["level_2nd", 0.31],
    ["level_top5", 0.224],
    ["level_max", 0.14],
    ["z_rms", 0.093],
    ["step_rms", 0.061],
    ["spread_mean", 0.04],
    ["level_mean", 0.022],
    ["level_far_share", 0.004],
  ].map(([name, psi]) => ({ name, psi })),
  watch: {
    until: STARTED + 20 * 3_600_000,
    before: "51c7e0aa19d3f842",
    hours: 31.4,
    alarms: 2,
    allowed: 5.6,
    summary: "2 alarms in 31.4 entity-hours, where 3 times the budget makes 5.6.",
  },
};

/** What a champion meets in its first minutes. */
export const DRIFT_EARLY = { ...DRIFT, moved: false, hours: 1, ticks: 1830, watch: null };

export const PREVIEW = {
  job: "job-0",
  at: STARTED - 30 * 60_000,
  champion: "9f3ac1d07be24c55",
  falseAlarms: 2,
  useful: 3,
  missed: 1,
  entities: ENTITIES.slice(0, 5).map((entity, i) => ({
    entity: i === 4 ? "payments-gateway-eu-central-1b.prod.example.com" : entity,
    from: STARTED - 86_400_000,
    to: STARTED,
    ticks: 86_100,
    before: [5, 2, 0, 1, 1][i],
    after: [3, 2, 0, 0, 1][i],
  })),
  entitiesLeftOut: 3,
  labels: REPLAY,
};

export const EXCLUSIONS = [
  {
    id: "x1",
    entity: null,
    from: STARTED - 3 * 86_400_000,
    to: STARTED - 3 * 86_400_000 + 7_200_000,
    kind: "maintenance",
    reason: "Core switch replaced",
    who: "nadia",
    at: STARTED - 3 * 86_400_000,
  },
  {
    id: "x2",
    entity: "payments-gateway-eu-central-1b.prod.example.com",
    from: STARTED - 9 * 3_600_000,
    to: STARTED - 8 * 3_600_000,
    kind: "flagged",
    reason: "Load test",
    who: null,
    at: STARTED - 8 * 3_600_000,
  },
];
