// Serves dist/ and plays the gateway's API with invented data, to look at the dashboard without a platform.
// Development only. PORT (default 7799). EMPTY=1 plays a platform that has received nothing yet, COLD=1 a new host.

import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { act, alertConfig, alertTest, budgets, change, leadTimes, silence } from "./alerts.mjs";
import { INCIDENTS } from "./incidents.mjs";
import {
  COLUMNS,
  DRIFT,
  DRIFT_EARLY,
  ENTITIES,
  EXCLUSIONS,
  MODELS,
  outlook,
  PREVIEW,
  SCHEMA,
  STARTED,
  value,
  verdict,
  z,
} from "./world.mjs";

const DIST = fileURLToPath(new URL("../dist/", import.meta.url));
const PORT = Number(process.env.PORT ?? 7799);
const entities = process.env.EMPTY ? [] : ENTITIES;
const maturity = process.env.COLD ? "warming" : "warm";
const TYPES = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".css": "text/css",
  ".svg": "image/svg+xml",
  ".woff2": "font/woff2",
};
const CSP =
  "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
const STARTS = new Set(["POST /api/train", "POST /api/feedback/preview"]);
const clients = new Set();
const jobs = new Map([
  [
    PREVIEW.job,
    { id: PREVIEW.job, kind: "preview", status: "succeeded", progress: 1, message: "6 instead of 9", at: PREVIEW.at },
  ],
]);
let excluded = EXCLUSIONS;

const status = () => ({
  services: ["ingestion", "stream-processor", "predictor", "alerting", "history", "trainer", "gateway"].map((name) =>
    name === "trainer"
      ? { name, health: "degraded", detail: "last training used fewer rows than usual" }
      : { name, health: "healthy", detail: null },
  ),
  samplesPerSecond: entities.length * COLUMNS.length + Math.round(Math.random() * 3),
  entities: entities.length,
  loopLatencyMs: { p50: 21 + Math.random() * 3, p99: 64 + Math.random() * 9, count: 1200 },
  alertLatencyMs: { p50: 38, p99: 52, count: 3 },
  model: MODELS[0].version,
  storage: "PostgreSQL 17.10, native partitions (TimescaleDB is not on this server)",
  openIncidents: entities.length ? INCIDENTS.filter((incident) => incident.status !== "resolved").length : 0,
  at: Date.now(),
});

function range(query) {
  const entity = query.get("entity");
  const ids = (query.get("series") ?? "").split(",").filter(Boolean);
  const step = Number(query.get("step")) || 1000;
  const to = Math.floor(Number(query.get("to")) / step) * step;
  const t = [];
  for (let at = Math.ceil(Number(query.get("from")) / step) * step; at <= to; at += step) {
    // Two holes, because real history has them.
    const minute = (STARTED - at) / 60_000;
    if (!(minute > 9.5 && minute < 10.2) && !(minute > 200 && minute < 214)) t.push(at);
  }
  const scores = t.map((at) => verdict(entity, at));
  return {
    entity,
    stepMs: step,
    t,
    series: ids.map((id) => {
      const column = COLUMNS.findIndex((candidate) => candidate.id === id);
      const { name, unit, labels } = COLUMNS[column];
      return { id, name, unit, labels, mean: t.map((at) => value(entity, column, at)) };
    }),
    scores: query.get("scores")
      ? { score: scores.map((s) => s.score), p: scores.map((s) => s.p), anomalous: scores.map((s) => s.anomalous) }
      : null,
  };
}

function api(method, path, query, body) {
  const [, , resource, id, action] = path.split("/");
  const incident = INCIDENTS.find((candidate) => candidate.id === id);
  switch (resource) {
    case "status":
      return status();
    case "entities":
      return {
        items: entities.map((entity) => ({
          entity,
          series: COLUMNS.length,
          firstSeen: process.env.COLD ? STARTED : STARTED - 86_400_000,
          lastSeen: Date.now(),
        })),
        next: null,
      };
    case "series":
      return {
        items: COLUMNS.map((column) => ({ ...column, entity: query.get("entity"), lastSeen: Date.now() })),
        next: null,
      };
    case "range":
      return range(query);
    case "incidents":
      if (!id) return { items: entities.length ? INCIDENTS : [], next: null };
      if (method === "POST" && incident && action !== "feedback") return act(incident, action, body, tellIncident);
      return incident;
    case "changes":
      return change(body, tellIncident);
    case "silences":
      return silence(method, id, body);
    case "alerts":
      return id === "config" ? alertConfig() : alertTest(query.get("route"));
    case "budgets":
      return budgets();
    case "lead-times":
      return leadTimes(id, query, Boolean(process.env.EMPTY));
    case "models":
      if (id === "drift") return process.env.COLD ? DRIFT_EARLY : DRIFT;
      return { items: MODELS, next: null };
    case "train":
      return train("train");
    case "feedback":
      if (id === "preview") return method === "POST" ? train("preview") : PREVIEW;
      return { items: [], next: null };
    case "training":
      return exclusions(method, action, body);
    case "export":
      return { kind: query.get("kind"), entity: query.get("entity"), from: query.get("from"), to: query.get("to") };
    case "jobs":
      return id ? jobs.get(id) : { items: [...jobs.values()].reverse(), next: null };
    default:
      return undefined;
  }
}

function exclusions(method, id, body) {
  if (method === "GET") return { items: excluded, next: null };
  if (method === "POST") {
    excluded = [{ id: `x${Date.now()}`, at: Date.now(), ...body }, ...excluded];
    return excluded[0];
  }
  const removed = excluded.find((one) => one.id === id);
  excluded = excluded.filter((one) => one !== removed);
  return removed;
}

function train(kind) {
  const id = `job-${Date.now()}`;
  const job = { id, kind, status: "running", progress: 0, message: "reading history", at: Date.now() };
  jobs.set(id, job);
  const timer = setInterval(() => {
    job.progress = Math.min(1, job.progress + 0.1);
    job.at = Date.now();
    job.message =
      job.progress < 0.4 ? "reading history" : job.progress < 0.8 ? "growing 100 trees" : "checking ONNX against C#";
    if (job.progress >= 1) {
      job.status = "succeeded";
      clearInterval(timer);
    }
    broadcast("job", job);
  }, 600);
  return job;
}

const frame = (type, data) => `event: ${type}\ndata: ${JSON.stringify(data)}\n\n`;
function broadcast(type, data) {
  for (const client of clients) client.response.write(frame(type, data));
}

const tellIncident = (incident) => broadcast("incident", incident);

function tick(entity, t) {
  return {
    entity,
    cadenceMs: 1000,
    t,
    ...verdict(entity, t),
    extrapolated: false,
    maturity,
    model: MODELS[0].version,
    schema: SCHEMA.hash,
    values: COLUMNS.map((_, i) => value(entity, i, t)),
    z: COLUMNS.map((_, i) => z(entity, i, t)),
  };
}

function stream(response, entity) {
  response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store" });
  const client = { response, entity };
  clients.add(client);
  response.on("close", () => clients.delete(client));
  response.write(frame("status", status()));
  if (entity) response.write(frame("schema", SCHEMA) + frame("outlook", outlook(entity)));
}

setInterval(() => {
  const t = Math.floor(Date.now() / 1000) * 1000;
  for (const { response, entity } of clients) if (entity) response.write(frame("tick", tick(entity, t)));
}, 1000);
setInterval(() => broadcast("status", status()), 2000);
setInterval(() => {
  for (const { response, entity } of clients) if (entity) response.write(frame("outlook", outlook(entity)));
}, 10_000);

async function file(response, path) {
  const name = normalize(join(DIST, path));
  try {
    if (!name.startsWith(DIST) || extname(name) === "") throw new Error("an address of the dashboard, not a file");
    const content = await readFile(name);
    response.writeHead(200, {
      "content-type": TYPES[extname(name)] ?? "application/octet-stream",
      "content-security-policy": CSP,
    });
    response.end(content);
  } catch {
    const page = await readFile(join(DIST, "index.html")).catch(() => "Run npm run build first.");
    response.writeHead(200, { "content-type": "text/html", "content-security-policy": CSP });
    response.end(page);
  }
}

async function bodyOf(request) {
  let text = "";
  for await (const part of request) text += part;
  return text ? JSON.parse(text) : undefined;
}

createServer(async (request, response) => {
  const url = new URL(request.url, "http://localhost");
  if (url.pathname === "/api/stream") return stream(response, url.searchParams.get("entity"));
  if (!url.pathname.startsWith("/api/")) return void file(response, url.pathname);
  const body = api(request.method, url.pathname, url.searchParams, await bodyOf(request));
  const code =
    body === undefined
      ? 404
      : typeof body.status === "number"
        ? body.status
        : STARTS.has(`${request.method} ${url.pathname}`)
          ? 202
          : 200;
  response.writeHead(code, { "content-type": "application/json" });
  response.end(
    JSON.stringify(body ?? { title: "Not found", status: 404, detail: "There is nothing under this address." }),
  );
}).listen(PORT, "127.0.0.1", () => console.log(`http://127.0.0.1:${PORT}`));
