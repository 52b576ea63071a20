/** The addresses of rooms: ids, paths, and the links that people paste. */
import { at } from "./base";

/** An id. Some programs write ids without hyphens. */
const UUID = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|[0-9a-f]{32}";
const ROOM_PATH = new RegExp(`^/r/(${UUID})(?:/(.*))?$`, "i");
/** An id, and the part of a link before it. */
const LINK = new RegExp(`^(?:(\\S*)/)?(${UUID})(?:[/?#]\\S*)?$`, "i");
/** Characters that people write around a link: brackets, quotes, and ends of sentences. */
const AROUND = /^[([{<"'“‘«]+|[)\]}>"'”’».,;:!?…]+$/g;

export type Route = { page: "landing" } | { page: "room"; id: string } | { page: "missing" };

/** The page for a path. The server sends the same page for `/` and for all of `/r/…`. */
export function routeOf(path: string): Route {
  const id = ROOM_PATH.exec(path)?.[1];
  if (id) return { page: "room", id: canonical(id) };
  return { page: path === "/" ? "landing" : "missing" };
}

/** The path of a file in the path of a room's page; null where it names none. */
export function filePathIn(path: string): string | null {
  const written = ROOM_PATH.exec(path)?.[2]?.replace(/\/+$/, "");
  if (!written) return null;
  try {
    return written.split("/").map(decodeURIComponent).join("/");
  } catch {
    return written; // a % that encodes nothing
  }
}

/**
 * The id in a pasted link or a bare id, as the server writes it; null if there is none. Within other words, as
 * in a message, it must be the only id, and a link must belong to `site`: "collab.example".
 */
export function roomIdIn(pasted: string, site: string): string | null {
  const words = pasted.trim().split(/\s+/);
  const found = words.flatMap((word) => {
    const [, before, id] = LINK.exec(word.replace(AROUND, "")) ?? [];
    return id && (words.length === 1 || isOf(site, before)) ? [canonical(id)] : [];
  });
  return found.length === 1 ? (found[0] ?? null) : null;
}

/** In lower case and with hyphens. */
function canonical(id: string): string {
  const digits = id.replaceAll("-", "").toLowerCase();
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

/** Tell whether the part before an id is empty or leads to the rooms of this site. */
function isOf(site: string, before: string | undefined): boolean {
  return before === undefined || `//${before}`.toLowerCase().endsWith(`//${site}/r`);
}

export function roomPath(id: string): string {
  return at(`/r/${id}`);
}

/** "Room 7f3a91c2": the words for a room without a name. */
export function roomName(id: string): string {
  return `Room ${id.slice(0, 8)}`;
}

/** The link to this room, without a query or a fragment. */
export function roomLink(): string {
  return location.origin + location.pathname;
}
