import { completed } from "@/shared/api/queries";
import type { IncidentEvent } from "@/shared/api/types";

/** An incident for tests; name only what matters. */
export const incidentOf = (fields: Partial<IncidentEvent>): IncidentEvent =>
  completed({
    id: "i",
    revision: 1,
    fingerprint: "f",
    entity: "host",
    entities: [],
    labels: {},
    links: {},
    kind: "joint",
    status: "open",
    severity: "warning",
    summary: "CPU use is high",
    startedAt: 1000,
    openedAt: 2000,
    updatedAt: 2000,
    count: 1,
    score: 0.7,
    contributors: [],
    symptoms: [],
    symptomCount: 0,
    storm: false,
    reopened: 0,
    flapping: false,
    timeline: [],
    deliveries: [],
    ...fields,
  });
