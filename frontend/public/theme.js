// Runs before the first paint, so that no page flashes in the wrong theme. theme.ts takes over from here.
(() => {
  let choice = null;
  try {
    choice = JSON.parse(localStorage.getItem("collab.settings")).theme;
  } catch {
    // Nothing is chosen, or storage is blocked: follow the system.
  }
  const system = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
  const known = ["light", "dark", "contrast"].includes(choice);
  document.documentElement.dataset.theme = known ? choice : system;
})();
