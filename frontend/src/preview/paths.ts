/** Resolves the paths that a text names. */

/**
 * Resolve a path as seen from a file: "../img/a.png" in "docs/guide/README.md" gives "docs/img/a.png".
 * Returns null for a path outside of the room.
 */
export function resolved(path: string, from: string): string | null {
  const start = path.startsWith("/") ? [] : from.split("/").slice(0, -1);
  const parts = [...start];
  for (const part of path.split("/")) {
    if (part === "" || part === ".") continue;
    if (part !== "..") parts.push(part);
    else if (parts.pop() === undefined) return null;
  }
  return parts.join("/");
}
