import { describe, expect, it } from "vitest";
import { Strangeness } from "./strangeness";

const feed = (strangeness: Strangeness, id: string, z: number, times: number): void => {
  for (let index = 0; index < times; index++) strangeness.observe(id, z);
};

describe("Strangeness", () => {
  it("does not call a single spike strange", () => {
    const strangeness = new Strangeness();
    feed(strangeness, "a", 0.5, 20);
    expect(strangeness.observe("a", 15)).toBe(false);
    expect(strangeness.ids()).toEqual([]);
  });

  it("names what stays away from normal, in either direction, strangest first", () => {
    const strangeness = new Strangeness();
    feed(strangeness, "a", 7, 12);
    feed(strangeness, "b", -14, 12);
    feed(strangeness, "c", 2, 12);
    expect(strangeness.ids()).toEqual(["b", "a"]);
  });

  it("lets go only well below the level at which it began", () => {
    const strangeness = new Strangeness();
    feed(strangeness, "a", 8, 12);
    feed(strangeness, "a", 4, 30);
    expect(strangeness.ids()).toEqual(["a"]);
    feed(strangeness, "a", 1, 12);
    expect(strangeness.ids()).toEqual([]);
  });

  it("is not stuck for long after an enormous deviation, and ignores what is not a number", () => {
    const strangeness = new Strangeness();
    feed(strangeness, "a", 1e9, 12);
    expect(strangeness.observe("a", Number.NaN)).toBe(false);
    feed(strangeness, "a", 0, 12);
    expect(strangeness.ids()).toEqual([]);
  });
});
