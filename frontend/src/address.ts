/** Where a room is: its id, its path, and what people paste when they mean one. */
import { at } from "./base";

/** Some programs write ids without their hyphens. */
const UUID = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|[0-9a-f]{32}";
const ROOM_PATH = new RegExp(`^/r/(${UUID})(?:/(.*))?$`, "i");
/** An id, and what of a link stands before it. */
const LINK = new RegExp(`^(?:(\\S*)/)?(${UUID})(?:[/?#]\\S*)?$`, "i");
/** What people write around a link: brackets, quotes, and what ends a sentence. */
const AROUND = /^[([{<"'“‘«]+|[)\]}>"'”’».,;:!?…]+$/g;

export type Route = { page: "landing" } | { page: "room"; id: string } | { page: "missing" };

/** Which page a path shows; the server sends the page for `/` and for all of `/r/…`. */
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
    return written; // a % that stands for itself
  }
}

/**
 * The id in a pasted link or a bare id, as the server writes it; null when there is none. Among other words,
 * as messages have it, it must be the only one, and a link must be one of `site`: "collab.example".
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

/** Whether what stands before an id is the way to the rooms of this site, or nothing. */
function isOf(site: string, before: string | undefined): boolean {
  return before === undefined || `//${before}`.toLowerCase().endsWith(`//${site}/r`);
}

export function roomPath(id: string): string {
  return at(`/r/${id}`);
}

/** "Room 7f3a91c2": what a room is called while it has no name. */
export function roomName(id: string): string {
  return `Room ${id.slice(0, 8)}`;
}
