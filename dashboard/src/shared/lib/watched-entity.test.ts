import { describe, expect, it } from "vitest";
import { chooseEntity } from "./watched-entity";

const known = [
  { entity: "old", series: 90, firstSeen: 0, lastSeen: 1_000_000 },
  { entity: "small", series: 3, firstSeen: 0, lastSeen: 9_000_900 },
  { entity: "big", series: 50, firstSeen: 0, lastSeen: 9_000_100 },
];

describe("chooseEntity", () => {
  it("believes the address, even about an entity nobody has heard of", () => {
    expect(chooseEntity("new", "old", known)).toBe("new");
  });

  it("returns to the last one looked at while it exists", () => {
    expect(chooseEntity("", "old", known)).toBe("old");
    expect(chooseEntity("", "gone", known)).toBe("big");
  });

  it("otherwise takes the richest of those that live", () => {
    expect(chooseEntity("", "", known)).toBe("big");
    expect(chooseEntity("", "", [])).toBe("");
  });
});
