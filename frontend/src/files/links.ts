/** Makes and reads links to a place in a file: `/r/ROOM/src/main.py#L12-L20`. */
import { roomPath } from "../address";
import type { RoomContext } from "../feature";
import { copyLink } from "../ui/copyLink";

export interface Lines {
  from: number;
  to: number;
}

/** Return the address, on this site, of a file in a room and optionally of lines in it. */
export function pathTo(room: string, path: string, lines?: Lines): string {
  const file = path.split("/").map(encodeURIComponent).join("/");
  return `${roomPath(room)}/${file}${lines ? hashOf(lines) : ""}`;
}

function hashOf({ from, to }: Lines): string {
  return from === to ? `#L${from}` : `#L${from}-L${to}`;
}

/** Return the lines that the hash of an address names, counted from 1; null for none. */
export function linesIn(hash: string): Lines | null {
  const [, first, last] = /^#L([1-9]\d{0,8})(?:-L?([1-9]\d{0,8}))?$/.exec(hash) ?? [];
  if (!first) return null;
  const [from, to] = [Number(first), Number(last ?? first)];
  return { from: Math.min(from, to), to: Math.max(from, to) };
}

/** Put the link to a file on the clipboard, and tell the person. */
export function copyLinkTo({ id, session }: RoomContext, path: string, lines?: Lines) {
  const link = new URL(pathTo(id, path, lines), location.href).href;
  return copyLink((kind, words) => session.say(kind, words), link);
}
