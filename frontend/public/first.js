// Runs before the first paint, while the program is on its way.

// No page flashes in the wrong theme. theme.ts takes over from here.
{
  let choice = null;
  try {
    choice = JSON.parse(localStorage.getItem("collab.settings")).theme;
  } catch {
    // Nothing is chosen, or storage is blocked: follow the system.
  }
  const dark = matchMedia("(prefers-contrast: more)").matches ? "contrast" : "dark";
  const system = matchMedia("(prefers-color-scheme: dark)").matches ? dark : "light";
  const known = ["light", "dark", "contrast"].includes(choice);
  document.documentElement.dataset.theme = known ? choice : system;
}

// The socket of a room is open when the program comes. connection.ts takes it.
{
  const written = document.documentElement.dataset.base;
  const base = written.startsWith("/") ? written : "";
  const room = /\/r\/([0-9a-f-]{36})(?:\/.*)?$/i.exec(location.pathname)?.[1].toLowerCase();
  const address = new URL(`${base}/ws/${room}`, location.href).href.replace(/^http/, "ws");
  if (room) window.collabSocket = new WebSocket(address, "collab");
}
