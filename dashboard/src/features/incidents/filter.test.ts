import { describe, expect, it } from "vitest";
import { filterBesideStatus, filterHref, hasStatus, type IncidentFilter, NO_FILTER, parseFilter } from "./filter";
import { incidentOf } from "./testing";

const prediction = {
  series: "s",
  name: "n",
  unit: "1",
  limit: 1,
  saidAt: 0,
  earliestAt: 1,
  predictedAt: 2,
  latestAt: 3,
  probability: 0.5,
  outcome: "pending",
} as const;
const incidents = [
  incidentOf({ id: "plain" }),
  incidentOf({ id: "level", kind: "level", status: "acknowledged", assignee: "Nadia " }),
  incidentOf({ id: "predicted", kind: "joint", prediction }),
  incidentOf({ id: "muted", kind: "level", mutedBy: "sil-1", assignee: "oskar" }),
];
const left = (filter: Partial<IncidentFilter>, me = "nadia"): string[] =>
  filterBesideStatus(incidents, { ...NO_FILTER, ...filter }, me).map((incident) => incident.id);

describe("filterBesideStatus", () => {
  it.each([
    [{}, ["plain", "level", "predicted", "muted"]],
    [{ kind: "level" }, ["level", "muted"]],
    [{ kind: "predicted" }, ["predicted"]],
    [{ mine: true }, ["level"]],
    [{ muted: "hide" as const }, ["plain", "level", "predicted"]],
    [{ muted: "only" as const }, ["muted"]],
    [{ kind: "level", muted: "hide" as const, mine: true }, ["level"]],
  ])("%o leaves %o", (filter, ids) => expect(left(filter)).toEqual(ids));

  it("knows nothing as mine as long as nobody has said a name", () => {
    expect(left({ mine: true }, " ")).toEqual([]);
  });
});

it("tells statuses apart", () => {
  const acknowledged = incidentOf({ status: "acknowledged" });
  expect(["all", "open", "acknowledged", "resolved"].map((one) => hasStatus(acknowledged, one as "all"))).toEqual([
    true,
    false,
    true,
    false,
  ]);
});

describe("the address of a filter", () => {
  it.each([
    NO_FILTER,
    { status: "resolved", kind: "flat-line", mine: true, muted: "only" },
    { ...NO_FILTER, kind: "a&b" },
  ] as IncidentFilter[])("holds %o", (filter) => {
    const href = filterHref(filter);
    expect(parseFilter(href.slice("/incidents".length))).toEqual(filter);
  });

  it("is short when nothing is filtered, and takes nonsense as nothing", () => {
    expect(filterHref(NO_FILTER)).toBe("/incidents");
    expect(parseFilter("?status=loud&muted=maybe&mine=yes")).toEqual(NO_FILTER);
  });
});
