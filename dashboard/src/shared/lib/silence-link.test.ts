import { describe, expect, it } from "vitest";
import { pair, parseSilenceLink, silenceHref } from "./silence-link";

const search = (href: string): string => href.slice(href.indexOf("?"));

describe("silenceHref", () => {
  it("comes back as it was said", () => {
    const match = {
      entity: "web-*",
      labels: { team: "a&b", "k8s.node.name": "worker=7" },
      severity: ["warning", "info"] as const,
      kind: ["level", "flat-line"],
    };
    expect(parseSilenceLink(search(silenceHref(match, "Known: 50 % & more")))).toEqual({
      match,
      reason: "Known: 50 % & more",
    });
  });

  it("asks for an empty form, which is not the same as none", () => {
    expect(parseSilenceLink(search(silenceHref({})))).toEqual({
      match: { entity: "", labels: {}, severity: [], kind: [] },
      reason: "",
    });
    expect(parseSilenceLink("")).toBeNull();
    expect(parseSilenceLink("?entity=web-1")).toBeNull();
  });

  it("leaves out what is no severity and no attribute", () => {
    expect(parseSilenceLink("?new=1&severity=loud&label=team&label=%3Dshop")?.match).toEqual({
      entity: "",
      labels: {},
      severity: [],
      kind: [],
    });
  });
});

describe("pair", () => {
  it.each([
    ["team=shop", [["team", "shop"]]],
    [" team = shop ", [["team", "shop"]]],
    ["a=b=c", [["a", "b=c"]]],
    ["team", []],
    ["=shop", []],
    ["team=", []],
    ["", []],
  ])("reads %o as %o", (text, expected) => expect(pair(text)).toEqual(expected));
});
