// Runs before the first paint, so that no page flashes in the wrong theme. theme.ts takes over from here.
(() => {
  let choice = null;
  try {
    choice = localStorage.getItem("collab.theme");
  } catch {
    // Storage is blocked: follow the system.
  }
  const dark = choice ? choice === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  document.documentElement.dataset.theme = dark ? "dark" : "light";
})();
