import { cleanup, configure } from "@testing-library/react";
import { afterEach } from "vitest";

// Shared machines are slow at times; a wait ends as soon as what it waits for is there.
configure({ asyncUtilTimeout: 10_000 });

afterEach(() => {
  cleanup();
  localStorage.clear();
  window.history.replaceState(null, "", "/");
});
