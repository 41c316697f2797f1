// What people do to incidents, silences, budgets and the lead-time ledger, as the gateway answers it.
import { INCIDENTS, LEAD_TIMES } from "./incidents.mjs";
import { STARTED } from "./world.mjs";

const HOUR = 3_600_000;
const PAGE = 12;
const OVER = { status: 409, title: "This cannot be done to it", detail: "It is over." };

let silences = [
  {
    id: "sil-1",
    kind: "maintenance",
    match: { entity: "db-*", labels: {}, severity: [], kind: [] },
    from: STARTED - HOUR,
    to: STARTED + 2 * HOUR,
    reason: "Index rebuild",
    who: "oskar",
    at: STARTED - HOUR,
  },
  {
    id: "sil-2",
    kind: "silence",
    match: { labels: { team: "shop" }, severity: ["info", "warning"], kind: ["spike"] },
    from: STARTED + 20 * HOUR,
    to: STARTED + 26 * HOUR,
    reason: "Load test of the new checkout",
    who: "nadia",
    at: STARTED - 3 * HOUR,
  },
  {
    id: "sil-3",
    kind: "silence",
    match: { entity: "queue-1", labels: {}, severity: [], kind: [] },
    from: STARTED - 50 * HOUR,
    to: STARTED - 48 * HOUR,
    reason: "Known leak, fixed in 2.4.1",
    who: "nadia",
    at: STARTED - 50 * HOUR,
  },
];

const PAST_TENSE = { acknowledge: "acknowledged", assign: "assigned", comment: "commented", resolve: "resolved" };

/** Changes an incident as alerting would; `tell` spreads it. A problem has a `status` that is a number. */
export function act(incident, verb, body = {}, tell) {
  if (incident.status === "resolved" && verb !== "comment") return OVER;
  const at = Date.now();
  const text = verb === "assign" ? (body.assignee ? `to ${body.assignee}` : "nobody any more") : (body.text ?? "");
  incident.timeline = [...incident.timeline, { at, what: PAST_TENSE[verb], who: body.who ?? null, text }];
  incident.revision++;
  incident.updatedAt = at;
  if (verb === "acknowledge")
    Object.assign(incident, { status: "acknowledged", acknowledgedAt: at, assignee: incident.assignee ?? body.who });
  if (verb === "assign") incident.assignee = body.assignee ?? null;
  if (verb === "resolve") Object.assign(incident, { status: "resolved", resolvedAt: at });
  tell(incident);
  return incident;
}

export function change(body, tell) {
  const met = INCIDENTS.filter((one) => one.entity === body.entity && one.status !== "resolved");
  for (const incident of met) {
    incident.timeline = [
      ...incident.timeline,
      { at: Date.now(), what: "changed", who: body.who ?? null, text: body.text },
    ];
    incident.revision++;
    tell(incident);
  }
  return { items: met, next: null };
}

const fits = ({ entity, severity, kind }, incident) =>
  (!entity || new RegExp(`^${entity.replaceAll(".", "\\.").replaceAll("*", ".*")}$`).test(incident.entity)) &&
  (!severity?.length || severity.includes(incident.severity)) &&
  (!kind?.length || kind.includes(incident.kind));

export function silence(method, id, body) {
  if (id === "preview") {
    const muted = INCIDENTS.filter((one) => fits(body.match, one));
    return {
      from: Date.now() - 7 * 24 * HOUR,
      incidents: INCIDENTS.length,
      muted: muted.length,
      examples: muted
        .slice(0, 5)
        .map(({ id, entity, severity, summary, openedAt }) => ({ id, entity, severity, summary, openedAt })),
    };
  }
  if (method === "POST") {
    silences = [{ id: `sil-${Date.now()}`, from: Date.now(), at: Date.now(), ...body }, ...silences];
    return silences[0];
  }
  if (method === "DELETE") {
    const ended = silences.find((one) => one.id === id);
    if (ended) ended.to = Date.now();
    return ended;
  }
  return { items: silences, next: null };
}

export const alertConfig = () => ({
  file: "/etc/forewarn/alerts.yaml",
  loadedAt: STARTED - HOUR,
  mistakes: [],
  warnings: ["Receiver shop-team: the sidecar has no binding 'slack-shop'."],
  receivers: [
    { name: "on-call", channels: ["console", "email"] },
    { name: "shop-team", channels: ["slack"] },
    { name: "team-lead", channels: ["email", "webhook"] },
  ],
  routes: [
    {
      name: "shop-nights",
      match: { labels: { team: "shop" }, severity: ["critical"], kind: [] },
      hours: "Mon-Fri 22:00-06:00 Europe/Berlin",
      receivers: ["on-call", "shop-team"],
      continue: true,
      escalation: [{ afterSeconds: 900, receivers: ["team-lead"] }],
      limit: "10 per 1h",
    },
    { name: "everything", match: {}, receivers: ["on-call"], escalation: [], limit: null },
  ],
  budgets: [],
});

export const alertTest = (route) => ({
  incident: "test",
  notifications: [{ receiver: "on-call", notification: `n-test-${route}-81f2ab`, channels: ["console", "email"] }],
});

export const budgets = () => ({
  items: [
    { name: "everything", perWeek: 10, match: {}, entities: 8, perEntity: 1.25, told: 14, falseAlarms: 3, useful: 7 },
    {
      name: "shop",
      perWeek: 1,
      match: { entity: "web-*", labels: { team: "shop" } },
      entities: 3,
      perEntity: 0.333,
      told: 4,
      falseAlarms: 2,
      useful: 0,
    },
  ],
  next: null,
});

export function leadTimes(id, query, empty) {
  const all = empty ? [] : LEAD_TIMES;
  const count = (outcome) => all.filter((one) => one.prediction.outcome === outcome).length;
  if (id === "summary") {
    const leads = all.flatMap((one) => one.leadSeconds ?? []).sort((a, b) => a - b);
    return {
      from: Number(query.get("from")),
      to: Number(query.get("to")),
      pending: count("pending"),
      confirmed: count("confirmed"),
      averted: count("averted"),
      expired: count("expired"),
      precision: all.length ? 0.78 : null,
      secondsEarned: leads.reduce((sum, lead) => sum + lead, 0),
      medianLeadSeconds: leads[leads.length >> 1] ?? null,
      withinInterval: all.length ? 0.83 : null,
      calibration: empty
        ? []
        : [
            [0.5, 0.6, 3, 0.56, 0.33],
            [0.6, 0.7, 6, 0.66, 0.67],
            [0.7, 0.8, 9, 0.76, 0.67],
            [0.8, 0.9, 14, 0.85, 0.79],
            [0.9, 1, 8, 0.95, 1],
          ].map(([low, high, count, said, happened]) => ({ low, high, count, said, happened })),
    };
  }
  const outcome = query.get("outcome");
  const entity = query.get("entity");
  const found = all.filter(
    (one) => (!outcome || one.prediction.outcome === outcome) && (!entity || one.entity === entity),
  );
  const at = Number(query.get("cursor") ?? 0);
  return { items: found.slice(at, at + PAGE), next: at + PAGE < found.length ? String(at + PAGE) : null };
}
