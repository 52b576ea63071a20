/** Links to a place in a file: `/r/ROOM/src/main.py#L12-L20`. */
import { roomPath } from "../address";
import type { RoomContext } from "../feature";
import { copyText } from "../ui/copy";

export interface Lines {
  from: number;
  to: number;
}

/** The address of a file of a room, and of lines in it, on this site. */
export function pathTo(room: string, path: string, lines?: Lines): string {
  const file = path.split("/").map(encodeURIComponent).join("/");
  return `${roomPath(room)}/${file}${lines ? hashOf(lines) : ""}`;
}

function hashOf({ from, to }: Lines): string {
  return from === to ? `#L${from}` : `#L${from}-L${to}`;
}

/** The lines that the end of an address names, from 1; null for none. */
export function linesIn(hash: string): Lines | null {
  const [, first, last] = /^#L([1-9]\d{0,8})(?:-L?([1-9]\d{0,8}))?$/.exec(hash) ?? [];
  if (!first) return null;
  const [from, to] = [Number(first), Number(last ?? first)];
  return { from: Math.min(from, to), to: Math.max(from, to) };
}

/** Put the link to a file on the clipboard, and say so. */
export async function copyLink({ id, session }: RoomContext, path: string, lines?: Lines) {
  const link = new URL(pathTo(id, path, lines), location.href).href;
  const copied = await copyText(link);
  session.say(
    copied ? "info" : "warn",
    copied ? "The link is copied." : `The link could not be copied: ${link}`,
  );
}
