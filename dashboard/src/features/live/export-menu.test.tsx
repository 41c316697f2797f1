import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it } from "vitest";
import { ExportMenu, exportHref } from "./export-menu";

const AT = 1_767_225_600_000;

describe("exportHref", () => {
  it("names the entity and the time in view", () => {
    const href = exportHref({ entity: "web 1&2", range: "1h", at: null }, "scores", "parquet", AT + 0.4);
    const query = new URL(href, "http://localhost").searchParams;
    expect(href.startsWith("/api/export?")).toBe(true);
    expect(Object.fromEntries(query)).toEqual({
      kind: "scores",
      format: "parquet",
      entity: "web 1&2",
      from: String(AT - 3_600_000),
      to: String(AT),
    });
  });
});

describe("ExportMenu", () => {
  it("offers files of a moment in the past as plain links", async () => {
    render(<ExportMenu view={{ entity: "web-1", range: "5m", at: AT }} />);
    expect(screen.queryByRole("link")).toBeNull();
    await userEvent.click(screen.getByRole("button", { name: "Export" }));
    expect(screen.getAllByRole("link")).toHaveLength(4);
    const link = screen.getByRole("link", { name: "Measurements as CSV" });
    expect(link.hasAttribute("download")).toBe(true);
    expect(link.getAttribute("href")).toBe(
      `/api/export?kind=samples&format=csv&entity=web-1&from=${AT - 150_000}&to=${AT + 150_000}`,
    );
  });

  it("closes with Escape and gives the focus back, and closes when the focus goes elsewhere", async () => {
    const user = userEvent.setup();
    render(
      <>
        <ExportMenu view={{ entity: "web-1", range: "5m", at: AT }} />
        <button type="button">Elsewhere</button>
      </>,
    );
    const button = screen.getByRole("button", { name: "Export" });
    await user.click(button);
    await user.tab();
    expect(document.activeElement?.textContent).toBe("CSV");
    await user.keyboard("{Escape}");
    expect(screen.queryByRole("link")).toBeNull();
    expect(document.activeElement).toBe(button);
    await user.keyboard("{Enter}");
    expect(button.getAttribute("aria-expanded")).toBe("true");
    await user.click(screen.getByRole("button", { name: "Elsewhere" }));
    expect(screen.queryByRole("link")).toBeNull();
  });
});
