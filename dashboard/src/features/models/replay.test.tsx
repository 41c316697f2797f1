import { render, screen } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import type { IncidentReplay } from "@/shared/api/types";
import { Replay, told } from "./replay";

const tried = { who: "the challenger", title: "Challenger" };
const replay: IncidentReplay = {
  at: 1000,
  incidents: 3,
  championFound: 1,
  challengerFound: 2,
  falseAlarms: 1,
  championRepeated: 1,
  challengerRepeated: 0,
  unread: 2,
  spans: [
    {
      id: "a",
      kind: "missed",
      entity: "web-1",
      from: 1,
      to: 2,
      championAfterSeconds: null,
      challengerAfterSeconds: 41,
    },
  ],
};
const text = () => screen.getByRole("region", { name: "Replayed on labelled incidents" }).textContent;

describe("Replay", () => {
  it("says what each would have told of, and what was left out", () => {
    render(<Replay replay={replay} tried={tried} now={61_000} />);
    expect(text()).toContain("Of 3 real incidents the challenger would have told of 2, the champion of 1.");
    expect(text()).toContain("Of 1 false alarm the challenger would have repeated 0, the champion 1.");
    expect(text()).toContain("2 left out");
    expect(text()).toContain("Challenger after 41 sChampion not at all");
  });

  it("says nothing of a kind that nobody used", () => {
    render(<Replay replay={{ ...replay, falseAlarms: 0, unread: 0 }} tried={tried} now={0} />);
    expect(text()).not.toContain("false alarm");
    expect(text()).not.toContain("left out");
  });

  it("says when no incident was labelled, or none can be read any more", () => {
    const none = { ...replay, incidents: 0, falseAlarms: 0, unread: 0, spans: [] };
    const { rerender } = render(<Replay replay={none} tried={tried} now={0} />);
    expect(text()).toContain("Nobody has labelled an incident yet");
    rerender(<Replay replay={{ ...none, unread: 4 }} tried={tried} now={0} />);
    expect(text()).toContain("4 left out");
    expect(text()).not.toContain("Nobody");
  });

  it("tells what is to come, and is silent where nothing is", () => {
    const { rerender, container } = render(<Replay replay={null} tried={tried} now={0} pending="It comes." />);
    expect(text()).toContain("Not yet. It comes.");
    rerender(<Replay replay={null} tried={tried} now={0} />);
    expect(container.textContent).toBe("");
  });
});

describe("told", () => {
  it("is before, at once, after or not at all", () => {
    expect([-8, 0.4, 230, null].map(told)).toEqual(["8 s before", "at once", "after 3 min 50 s", "not at all"]);
  });
});
