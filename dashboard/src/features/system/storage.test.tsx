import { render, screen } from "@testing-library/react";
import { expect, it } from "vitest";
import { Storage } from "./page";

it("tells where history stores, and why there", () => {
  render(
    <Storage storage="PostgreSQL 17.10 (Debian), native partitions (the server (as packaged) has no TimescaleDB)" />,
  );
  expect(screen.getByText("PostgreSQL 17.10 (Debian), native partitions")).toBeTruthy();
  expect(screen.getByText("the server (as packaged) has no TimescaleDB")).toBeTruthy();
});

it("shows whatever is said in another form as it is", () => {
  render(<Storage storage="PostgreSQL 17.10 (a) and more" />);
  expect(screen.getByText("PostgreSQL 17.10 (a) and more")).toBeTruthy();
});

it("says that it is not known while history is away", () => {
  render(<Storage storage={null} />);
  expect(screen.getByText("Not known")).toBeTruthy();
  expect(screen.getByText(/^history does not answer/)).toBeTruthy();
});
