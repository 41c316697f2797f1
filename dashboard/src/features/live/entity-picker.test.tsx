import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it, vi } from "vitest";
import { EntityPicker, findEntities } from "./entity-picker";

const now = Date.now();
const entity = (name: string, lastSeen = now) => ({ entity: name, series: 5, firstSeen: 0, lastSeen });
const known = [entity("web-10"), entity("web-2"), entity("db-primary"), entity("web-1", now - 3_600_000)];

describe("findEntities", () => {
  it("finds all words in any order, the living first, numbers by value", () => {
    expect(findEntities(known, "web", now).map((info) => info.entity)).toEqual(["web-2", "web-10", "web-1"]);
    expect(findEntities(known, "primary DB", now).map((info) => info.entity)).toEqual(["db-primary"]);
    expect(findEntities(known, "nothing", now)).toEqual([]);
  });
});

describe("EntityPicker", () => {
  it("is driven by the keyboard", async () => {
    const onChange = vi.fn();
    const user = userEvent.setup();
    render(<EntityPicker entities={known} value="web-1" onChange={onChange} />);
    await user.click(screen.getByRole("button", { name: /web-1/ }));
    await user.type(screen.getByRole("combobox"), "web{ArrowDown}{Enter}");
    expect(onChange).toHaveBeenCalledExactlyOnceWith("web-10");
    expect(screen.queryByRole("listbox")).toBeNull();
  });

  it("says when nothing matches, and closes on Escape", async () => {
    const user = userEvent.setup();
    render(<EntityPicker entities={known} value="web-1" onChange={vi.fn()} />);
    await user.click(screen.getByRole("button", { name: /web-1/ }));
    await user.type(screen.getByRole("combobox"), "zzz");
    expect(screen.getByText(/Nothing matches/)).toBeTruthy();
    await user.keyboard("{Escape}");
    expect(screen.queryByRole("combobox")).toBeNull();
  });
});
