// Runs before the first paint so that the page never flashes in the other theme. A file of its own: the content
// security policy allows no inline scripts.
(() => {
  let choice = null;
  try {
    choice = localStorage.getItem("forewarn.theme");
  } catch {
    // Storage may be blocked; the system's theme it is.
  }
  const dark = choice === "dark" || (choice !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
  document.documentElement.dataset.theme = dark ? "dark" : "light";
})();
