import { fireEvent, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { Exclusion } from "@/shared/api/types";
import { fromLocalInput } from "@/shared/lib/local-input";
import { renderWith } from "@/shared/testing";
import { Exclusions } from "./exclusions";

const exclusion: Exclusion = { id: "x/1", from: 0, to: 3_600_000, kind: "maintenance", reason: "New disks", at: 1 };
const LIST = "GET /api/training/exclusions";
const ADD = "POST /api/training/exclusions";
const entities = { "GET /api/entities": { body: { items: [{ entity: "web-1" }] } } };

afterEach(() => vi.unstubAllGlobals());

async function fill(entity: string) {
  await userEvent.click(screen.getByText("Leave a time out"));
  if (entity) await userEvent.type(screen.getByLabelText("Entity"), entity);
  fireEvent.change(screen.getByLabelText("From"), { target: { value: "2026-01-31T10:00:00" } });
  fireEvent.change(screen.getByLabelText("To"), { target: { value: "2026-01-31T11:00:00" } });
}

describe("Exclusions", () => {
  it("lists what is left out and learns from it again", async () => {
    const answers: Parameters<typeof renderWith>[0] = {
      ...entities,
      [LIST]: {
        body: { items: [exclusion, { ...exclusion, id: "x2", entity: "web-1", kind: "flagged", reason: null }] },
      },
      "DELETE /api/training/exclusions/x%2F1": { body: exclusion },
    };
    const { calls } = renderWith(answers, <Exclusions now={0} />);
    const [first, second] = await screen.findAllByRole("listitem");
    expect(first?.textContent).toMatch(/^MaintenanceEvery entity.*New disks/);
    expect(second?.textContent).toMatch(/^Not normalweb-1/);
    answers[LIST] = { body: { items: [] } };
    await userEvent.click(within(first as HTMLElement).getByRole("button", { name: /^Remove Every entity/ }));
    expect(await screen.findByText("Nothing has been left out by hand.")).toBeTruthy();
    expect(calls.map((call) => call.what)).toContain("DELETE /api/training/exclusions/x%2F1");
  });

  it("leaves a time of one entity out, with the reason", async () => {
    const answers: Parameters<typeof renderWith>[0] = {
      ...entities,
      [LIST]: { body: { items: [] } },
      [ADD]: { status: 201, body: exclusion },
    };
    const { calls } = renderWith(answers, <Exclusions now={0} />);
    await fill(" web-1 ");
    await userEvent.selectOptions(screen.getByLabelText("Kind"), "Not normal");
    await userEvent.type(screen.getByLabelText("Reason"), "Load test");
    answers[LIST] = { body: { items: [exclusion] } };
    await userEvent.click(screen.getByRole("button", { name: "Leave out" }));
    expect(await screen.findByText(/^Left out of every training/)).toBeTruthy();
    expect(await screen.findByText("New disks")).toBeTruthy();
    expect(calls.find((call) => call.what === ADD)?.body).toEqual({
      from: fromLocalInput("2026-01-31T10:00:00"),
      to: fromLocalInput("2026-01-31T11:00:00"),
      kind: "flagged",
      entity: "web-1",
      reason: "Load test",
    });
  });

  it("means every entity when none is named, and keeps what was typed when it is refused", async () => {
    const refusal = { status: 409, body: { detail: "200 times are left out already." } };
    const { calls } = renderWith(
      { ...entities, [LIST]: { body: { items: [] } }, [ADD]: refusal },
      <Exclusions now={0} />,
    );
    await fill("");
    await userEvent.type(screen.getByLabelText("Reason"), "Move");
    await userEvent.click(screen.getByRole("button", { name: "Leave out" }));
    expect((await screen.findByRole("alert")).textContent).toBe("200 times are left out already.");
    expect((screen.getByLabelText("Reason") as HTMLInputElement).value).toBe("Move");
    expect(calls.find((call) => call.what === ADD)?.body).not.toHaveProperty("entity");
  });

  it("does not send a time that ends before it begins", async () => {
    renderWith({ ...entities, [LIST]: { body: { items: [] } } }, <Exclusions now={0} />);
    await fill("");
    fireEvent.change(screen.getByLabelText("To"), { target: { value: "2026-01-31T09:00:00" } });
    expect((screen.getByRole("button", { name: "Leave out" }) as HTMLButtonElement).disabled).toBe(true);
  });
});
