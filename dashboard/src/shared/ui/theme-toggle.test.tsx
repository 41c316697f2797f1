import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it } from "vitest";
import { ThemeToggle } from "./theme-toggle";

it("goes through system, light and dark, and remembers", async () => {
  const user = userEvent.setup();
  render(<ThemeToggle />);
  await user.click(screen.getByRole("button", { name: /Theme: system/ }));
  expect(document.documentElement.dataset.theme).toBe("light");
  await user.click(screen.getByRole("button", { name: /Theme: light/ }));
  expect(document.documentElement.dataset.theme).toBe("dark");
  expect(localStorage.getItem("forewarn.theme")).toBe("dark");
  await user.click(screen.getByRole("button", { name: /Theme: dark/ }));
  expect(localStorage.getItem("forewarn.theme")).toBeNull();
});
