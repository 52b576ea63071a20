/** Where a room is: its id, its path, and what people paste when they mean one. */

const UUID = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}";
const ROOM_PATH = new RegExp(`^/r/(${UUID})/?$`, "i");
const PASTED = new RegExp(`^(?:\\S*/)?(${UUID})/?(?:[?#]\\S*)?$`, "i");

export type Route = { page: "landing" } | { page: "room"; id: string } | { page: "missing" };

/** Which page a path shows; the server sends the page for `/` and for all of `/r/…`. */
export function routeOf(path: string): Route {
  const id = ROOM_PATH.exec(path)?.[1]?.toLowerCase();
  if (id) return { page: "room", id };
  return { page: path === "/" ? "landing" : "missing" };
}

/** The id in a pasted link or a bare id, in lower case; null when there is none. */
export function roomIdIn(pasted: string): string | null {
  return PASTED.exec(pasted.trim())?.[1]?.toLowerCase() ?? null;
}

export function roomPath(id: string): string {
  return `/r/${id}`;
}

/** "Room 7f3a91c2": what a room is called while it has no name. */
export function roomName(id: string): string {
  return `Room ${id.slice(0, 8)}`;
}
