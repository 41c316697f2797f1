// Incidents of the invented world: every state that the dashboard has a look for.
import { contributor, ENTITIES, FAULT_FROM, incident, MIB, OLD_FAULT, outlook, STARTED, VAR } from "./world.mjs";

const MINUTE = 60_000;
const HOUR = 3_600_000;

const said = (at, what, text, who) => ({ at, what, text, who: who ?? null });
const delivery = (receiver, channel, status, at, error, attempts = 1) => ({
  receiver,
  channel,
  notification: `n-${receiver}-${channel}-5f0c2a9b71e34d86`,
  status,
  attempts,
  at,
  error: error ?? null,
});
const symptom = (entity, cause, kind, seconds, summary, why, from = FAULT_FROM) => ({
  entity,
  cause,
  kind,
  summary,
  since: from + seconds * 1000,
  lastT: Math.min(STARTED, from + seconds * 1000 + 120_000),
  why,
});

const CPU = incident({
  id: "a1b2c3d4e5f60718",
  entity: "atlas",
  entities: ["atlas", "web-1", "web-2", "queue-1"],
  labels: { "k8s.node.name": "worker-7", team: "shop", "service.namespace": "checkout" },
  status: "open",
  startedAt: FAULT_FROM,
  summary:
    "CPU use in user mode is 86 % (normal 3 to 21 %) and CPU pressure 53 %; normal behaviour looks like this about once in 3 million seconds.",
  contributors: [contributor(0, 0.86), contributor(20, 0.53), contributor(4, 4.7), contributor(24, 0.062)],
  probableCause: "CPU use in user mode on atlas moved first; web-1, web-2 and queue-1 followed within 41 s.",
  symptoms: [
    symptom(
      "web-1",
      "behaviour",
      "level",
      8,
      "Request latency p99 is 410 ms (normal 12 to 33 ms).",
      "service.namespace=checkout, request latency",
    ),
    symptom(
      "web-2",
      "behaviour",
      "level",
      11,
      "Request latency p99 is 388 ms (normal 11 to 35 ms).",
      "service.namespace=checkout, request latency",
    ),
    symptom("queue-1", "behaviour", "trend", 41, "Queue depth grows by 190 a minute.", "service.namespace=checkout"),
    symptom("atlas", "rule:load", "threshold", 63, "Load average 1m > 4 for 1m.", "same entity"),
  ],
  symptomCount: 12,
  timeline: [
    said(FAULT_FROM + 3000, "opened", "CPU use in user mode is 86 % (normal 3 to 21 %)"),
    said(FAULT_FROM + 3040, "notified", "console: on-call"),
    said(FAULT_FROM + 3600, "notified", "e-mail: on-call"),
    said(FAULT_FROM + 8000, "joined", "web-1: Request latency p99 is 410 ms"),
    said(FAULT_FROM + 11_000, "joined", "web-2: Request latency p99 is 388 ms"),
    said(FAULT_FROM + 41_000, "joined", "queue-1: Queue depth grows by 190 a minute"),
    said(FAULT_FROM + 60_000, "not-delivered", "slack: 503 Service Unavailable, tried 4 times"),
    said(FAULT_FROM + 70_000, "worsened", "critical now: four entities"),
    said(FAULT_FROM + 120_000, "commented", "Looks like the nightly report job; checking.", "nadia"),
    said(FAULT_FROM + 180_000, "escalated", "nobody has acknowledged; now told: team-lead"),
  ],
  deliveries: [
    delivery("on-call", "console", "sent", FAULT_FROM + 3040),
    delivery("on-call", "email", "sent", FAULT_FROM + 3600),
    delivery(
      "shop-team",
      "slack",
      "retrying",
      FAULT_FROM + 60_000,
      "503 Service Unavailable: upstream connect error or disconnect before headers",
      4,
    ),
    delivery("pager", "webhook", "failed", FAULT_FROM + 30_000, "410 Gone: this endpoint was retired", 1),
  ],
});

const DISK = incident({
  id: "b1b2c3d4e5f60719",
  entity: "atlas",
  status: "open",
  kind: "predicted-breach",
  severity: "warning",
  startedAt: FAULT_FROM + MINUTE,
  score: 0.7,
  p: 0.004,
  summary: "Disk space on /var is 94 % full and grows by 1.1 % a minute: it will be full in about 9 minutes.",
  contributors: [contributor(VAR, 0.944)],
  forecast: { ...outlook("atlas").forecasts[0], medianSeconds: 540 },
  assignee: "nadia",
  prediction: {
    series: contributor(VAR, 1).series,
    name: "system.filesystem.utilization",
    unit: "1",
    limit: 1,
    saidAt: FAULT_FROM + MINUTE + 3000,
    predictedAt: STARTED + 9 * MINUTE,
    earliestAt: STARTED + 6 * MINUTE,
    latestAt: STARTED + 17 * MINUTE,
    probability: 0.87,
    outcome: "pending",
  },
  timeline: [
    said(FAULT_FROM + MINUTE + 3000, "predicted", "Disk space on /var will be full in about 12 minutes"),
    said(FAULT_FROM + MINUTE + 3000, "opened", "Disk space on /var is 94 % full"),
    said(FAULT_FROM + 2 * MINUTE, "assigned", "to nadia", "oskar"),
  ],
  deliveries: [delivery("on-call", "email", "sent", FAULT_FROM + MINUTE + 3600)],
});

const STORM = incident({
  id: "90b2c3d4e5f60799",
  entity: "edge-fra-1",
  entities: ["edge-fra-1", ...Array.from({ length: 41 }, (_, i) => `edge-fra-${i + 2}`)],
  status: "open",
  kind: "silence",
  startedAt: STARTED - 2 * MINUTE,
  storm: true,
  summary: "42 entities fell silent within 10 seconds, edge-fra-1 first.",
  symptoms: Array.from({ length: 41 }, (_, i) =>
    symptom(
      `edge-fra-${i + 2}`,
      "silence",
      "silence",
      i * 0.2,
      `Nothing has been heard from edge-fra-${i + 2} for 3 intervals.`,
      "storm",
      STARTED - 2 * MINUTE,
    ),
  ),
  symptomCount: 136,
  timeline: [said(STARTED - 2 * MINUTE + 3000, "opened", "42 entities fell silent within 10 seconds")],
  deliveries: [delivery("on-call", "email", "sent", STARTED - 2 * MINUTE + 3600)],
});

const past = (fields, outcome, leadMinutes, more = {}) => {
  const saidAt = fields.startedAt + 3000;
  return incident({
    status: "resolved",
    severity: "warning",
    kind: "predicted-breach",
    ...fields,
    contributors: [contributor(VAR, 0.97)],
    prediction: {
      series: contributor(VAR, 1).series,
      name: "system.filesystem.utilization",
      unit: "1",
      limit: 1,
      saidAt,
      predictedAt: saidAt + leadMinutes * MINUTE,
      earliestAt: saidAt + leadMinutes * 0.7 * MINUTE,
      latestAt: saidAt + leadMinutes * 1.6 * MINUTE,
      probability: 0.82,
      outcome,
      outcomeAt: saidAt + leadMinutes * 1.12 * MINUTE,
      ...more,
    },
  });
};

export const INCIDENTS = [
  STORM,
  CPU,
  DISK,
  incident({
    id: "c1b2c3d4e5f60720",
    entity: "db-primary",
    status: "acknowledged",
    severity: "warning",
    kind: "level",
    startedAt: STARTED - 21 * MINUTE,
    acknowledgedAt: STARTED - 17 * MINUTE,
    assignee: "oskar",
    flapping: true,
    reopened: 3,
    summary: "Disk throughput (write) has settled at 14 MiB/s, four times its usual level.",
    contributors: [contributor(13, 14.2 * MIB)],
    timeline: [
      said(STARTED - 21 * MINUTE + 3000, "opened", "Disk throughput (write) has settled at 14 MiB/s"),
      said(STARTED - 17 * MINUTE, "acknowledged", "backup runs late", "oskar"),
    ],
  }),
  incident({
    id: "c2b2c3d4e5f60721",
    entity: "db-replica",
    status: "open",
    severity: "info",
    kind: "variance",
    startedAt: STARTED - 34 * MINUTE,
    mutedBy: "sil-1",
    summary: "Disk busy is unsteady: between 4 and 61 %.",
    contributors: [contributor(14, 0.61)],
    timeline: [said(STARTED - 34 * MINUTE, "muted", "Index rebuild", "oskar")],
  }),
  incident({
    id: "d1b2c3d4e5f60721",
    entity: "atlas",
    status: "resolved",
    startedAt: OLD_FAULT[0],
    resolvedAt: OLD_FAULT[1],
    summary: "CPU use in user mode was 84 % (normal 3 to 21 %).",
    contributors: [contributor(0, 0.84), contributor(4, 4.2)],
  }),
  past(
    {
      id: "d2b2c3d4e5f60722",
      entity: "db-primary",
      startedAt: STARTED - 5 * HOUR,
      resolvedAt: STARTED - 4 * HOUR,
      summary: "Disk space on /var was said to be full in 31 minutes, and was.",
    },
    "confirmed",
    31,
  ),
  past(
    {
      id: "d3b2c3d4e5f60723",
      entity: "web-3",
      startedAt: STARTED - 7 * HOUR,
      resolvedAt: STARTED - 6 * HOUR,
      summary: "Memory use was heading for its limit in 22 minutes.",
    },
    "averted",
    22,
    { avertedBy: "restart of checkout by nadia" },
  ),
  past(
    {
      id: "d4b2c3d4e5f60724",
      entity: "queue-1",
      startedAt: STARTED - 26 * HOUR,
      resolvedAt: STARTED - 25 * HOUR,
      summary: "Disk space on /var was said to be full in 40 minutes.",
    },
    "expired",
    40,
  ),
  incident({
    id: "e1b2c3d4e5f60722",
    entity: "web-2",
    status: "resolved",
    severity: "warning",
    kind: "silence",
    startedAt: STARTED - 9 * HOUR,
    resolvedAt: STARTED - 9 * HOUR + 130_000,
    summary: "Nothing has been heard from web-2 for 3 intervals, while its neighbours report.",
  }),
  incident({
    id: "f1b2c3d4e5f60723",
    entity: "queue-1",
    status: "resolved",
    severity: "info",
    kind: "spike",
    startedAt: STARTED - 30 * HOUR,
    resolvedAt: STARTED - 30 * HOUR + 40_000,
    summary: "Network throughput (receive) spiked to 38 MiB/s for 40 seconds.",
    contributors: [contributor(17, 38 * MIB)],
  }),
];

/** The ledger: the predictions above, and enough older ones for a second page. */
export const LEAD_TIMES = [
  ...INCIDENTS.filter((one) => one.prediction),
  ...Array.from({ length: 30 }, (_, i) =>
    past(
      { id: `old${i}`, entity: ENTITIES[i % ENTITIES.length], startedAt: STARTED - (30 + i * 9) * HOUR, summary: "" },
      ["confirmed", "confirmed", "averted", "expired"][i % 4],
      6 + ((i * 7) % 50),
      i % 4 === 2 ? { avertedBy: "acknowledged by oskar" } : {},
    ),
  ),
].map(({ id, entity, prediction }) => ({
  incident: id,
  entity,
  prediction,
  leadSeconds: prediction.outcome === "confirmed" ? (prediction.outcomeAt - prediction.saidAt) / 1000 : null,
}));
