/**
 * The path below which the server's addresses are: "" if it has the whole host, "/pad" behind a proxy that
 * gives it this path. The server writes it into the page.
 */
const written = globalThis.document?.documentElement.dataset.base ?? "";
export const BASE = written.startsWith("/") ? written : "";

/** The address of a path of the server: "/rooms" is at "/pad/rooms". */
export const at = (path: string): string => BASE + path;

/** The path of the server for an address: the inverse of the above. */
export function pathOf(address: string): string {
  if (address === BASE) return "/";
  return address.startsWith(`${BASE}/`) ? address.slice(BASE.length) : address;
}
