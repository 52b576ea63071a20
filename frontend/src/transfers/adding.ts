/**
 * Adds files to a room: finds out which names are taken, asks once what to do about them, sends the
 * files in parts, and reports the outcome. One person adds one thing at a time.
 *
 * Each part is a zip that the server takes whole or not at all. So a person who stops learns exactly
 * which files have been added.
 */
import { effect, signal } from "@preact/signals";
import type { RoomContext } from "../feature";
import { filesOf } from "../files/store";
import { askerOf } from "../people/asker";
import { keyOf } from "../room/names";
import { type NodeId, ROOT } from "../room/tree";
import type { Gathered, Incoming } from "./gather";
import { type Conflict, type Imported, importFromGit, Refused, Stopped, sendZip } from "./server";
import { namesIn, zipOf } from "./zip";

/** The number of bytes, and of files, after which a part ends. */
const PART = 8 * 1024 * 1024;
const PART_FILES = 500;
/**
 * The size of a file in bytes above which it is not even sent. The server has the exact limit, and the
 * words for it.
 */
const MOST_BYTES = 100 * 1024 * 1024;

/** ms without another file after which an import that was broken off has ended. */
const QUIET = 2000;

/** The progress that a person sees while files are added. */
export type Step =
  | { kind: "asking"; taken: readonly string[]; answer(conflict: Conflict | null): void }
  | { kind: "running"; words: string; share: number | null; stop: (() => void) | null }
  | { kind: "done"; title: string; words: string; result: Imported };

export const step = signal<Step | null>(null);

const STOPPING: Step = { kind: "running", words: "Stopping…", share: null, stop: null };

type Send = (
  conflict: Conflict,
  signal: AbortSignal,
  onShare: (share: number) => void,
  total: Imported,
) => Promise<void>;

/** Add files and folders to a folder of the room. A zip that comes alone is unpacked. */
export async function addFiles(
  room: RoomContext,
  gather: (signal: AbortSignal) => Promise<Gathered>,
  folder: NodeId,
  always?: Conflict,
): Promise<void> {
  if (!begin(room)) return;
  const stopping = new AbortController();
  running("Looking at the files…", null, stopping);
  const { files, remarks } = await gather(stopping.signal);
  if (stopping.signal.aborted) {
    end(room, "Nothing was added.");
    return;
  }
  const [only] = files;
  const zip = files.length === 1 && only?.file && /\.zip$/i.test(only.path) ? only.file : null;
  const paths = zip ? await namesIn(zip) : files.flatMap(({ path, file }) => (file ? path : []));
  const store = filesOf(room);
  const target = { room: room.id, asker: askerOf(room), folder: store.tree.peek().path(folder) };
  await run(room, folder, paths, always, stopping, async (conflict, signal, onShare, total) => {
    total.remarks.push(...remarks);
    const parts = zip ? [files] : partsOf(files.filter((one) => fits(one, total)));
    const bytes = sizeOf(files);
    let sent = 0;
    for (const part of parts) {
      if (signal.aborted) throw new Stopped();
      const { blob, unread } = zip ? { blob: zip, unread: [] } : await zipOf(part);
      total.remarks.push(...unread.map((path) => leftOut(path, "It could not be read.")));
      const began = sent;
      const onSent = (now: number) => onShare((began + Math.min(now, sizeOf(part))) / (bytes || 1));
      sum(total, await sendZip({ ...target, conflict }, blob, signal, onSent));
      sent += sizeOf(part);
    }
  });
  // A single file was probably added to be looked at, so show it.
  if (zip || files.length !== 1 || !only?.file) return;
  store.whenHere([target.folder, only.path].filter(Boolean).join("/"), ({ id, kind }) => {
    store.reveal(id);
    if (kind === "file") room.session.open(id);
  });
}

/** Add the files of a public repository. Returns the outcome; null when the files were not added. */
export async function addFromGit(
  room: RoomContext,
  url: string,
  folder: NodeId,
  conflict: Conflict,
): Promise<Imported | null> {
  if (!begin(room)) return null;
  const path = filesOf(room).tree.peek().path(folder);
  const target = { room: room.id, asker: askerOf(room), folder: path, conflict };
  const before = room.session.byRequest.peek();
  const words = `Fetching ${url.replace(/^https:\/\//, "")}…`;
  return run(room, folder, [], conflict, new AbortController(), send, words);

  async function send(_: Conflict, signal: AbortSignal, _onShare: unknown, total: Imported) {
    try {
      sum(total, await importFromGit(target, url, signal));
    } catch (error) {
      if (error instanceof Stopped) total.added += (await ended(room)) - before;
      throw error;
    }
  }
}

/**
 * Wait until no more files come of a request that was broken off: the server stops once it has saved
 * those it was at. Returns `byRequest` then.
 */
function ended({ session }: RoomContext): Promise<number> {
  return new Promise((resolve) => {
    let quiet: ReturnType<typeof setTimeout> | undefined;
    const end = effect(() => {
      const count = session.byRequest.value;
      clearTimeout(quiet);
      quiet = setTimeout(() => {
        end();
        resolve(count);
      }, QUIET);
    });
  });
}

function begin(room: RoomContext): boolean {
  if (step.peek())
    room.session.say("warn", "Files are being added already. Wait for them, or stop them.");
  else if (room.session.link.peek().state !== "live") {
    room.session.say("warn", "Files can be added once the page is connected.");
  } else return true;
  return false;
}

/**
 * Ask about taken names, send the files and report the outcome. Returns the outcome; null when not all
 * files were added.
 */
async function run(
  room: RoomContext,
  folder: NodeId,
  paths: readonly string[],
  always: Conflict | undefined,
  stopping: AbortController,
  send: Send,
  words = paths.length === 1 ? `Adding ${paths[0]}…` : `Adding ${many(paths.length)}…`,
): Promise<Imported | null> {
  const taken = always ? [] : takenPaths(room, folder, paths);
  const conflict = taken.length > 0 ? await asked(taken) : (always ?? "keep");
  if (conflict === null) return end(room, "Nothing was added.");
  const total: Imported = { added: 0, replaced: 0, unchanged: 0, remarks: [], more: 0 };
  const onShare = (share: number) => running(words, share, stopping);
  running(words, null, stopping);
  try {
    await send(conflict, stopping.signal, onShare, total);
  } catch (error) {
    if (error instanceof Refused) total.added += error.imported;
    const before = total.added + total.replaced > 0 ? ` ${summary(total)}` : " Nothing was added.";
    const reason =
      error instanceof Stopped ? "Stopped." : error instanceof Error ? error.message : "";
    tell(
      room,
      reason + (error instanceof Refused && error.imported > 0 ? "" : before),
      total,
      "warn",
    );
    return null;
  }
  if (folder !== ROOT) filesOf(room).toggle(folder, true);
  const late = stopping.signal.aborted ? "It was too late to stop. " : "";
  tell(room, late + summary(total), total, "info");
  return total;
}

function asked(taken: readonly string[]): Promise<Conflict | null> {
  return new Promise((answer) => {
    step.value = { kind: "asking", taken, answer };
  });
}

function running(words: string, share: number | null, stopping: AbortController): void {
  const stop = () => {
    stopping.abort();
    running(words, share, stopping);
  };
  step.value = stopping.signal.aborted ? STOPPING : { kind: "running", words, share, stop };
}

/** Tell the person the outcome. An outcome with remarks stays until the person has read it. */
function tell(room: RoomContext, words: string, result: Imported, kind: "info" | "warn"): void {
  const title = kind === "info" ? "Files were added" : "Not all files were added";
  if (result.remarks.length > 0) step.value = { kind: "done", title, words, result };
  else {
    step.value = null;
    room.session.say(kind, words);
  }
}

function end(room: RoomContext, words: string): null {
  step.value = null;
  room.session.say("info", words);
  return null;
}

/** Return those of these paths at which a file exists already. */
export function takenPaths(room: RoomContext, folder: NodeId, paths: readonly string[]): string[] {
  const { tree } = filesOf(room).tree.peek();
  return paths.filter((path) => {
    const names = path.split(/[\\/]/).filter((name) => name && name !== ".");
    let node: NodeId | undefined = folder;
    for (const name of names) node = node === undefined ? undefined : tree.holder(node, name);
    const kind = node === undefined || names.length === 0 ? undefined : tree.get(node)?.kind;
    return kind !== undefined && kind !== "folder" && !/[\\/]$/.test(path);
  });
}

/**
 * Split files into parts. Paths that some desktop takes for the same one stay in one part: in two
 * parts, the second file would replace the first.
 */
export function partsOf(files: readonly Incoming[]): Incoming[][] {
  const key = ({ path }: Incoming) => path.split("/").map(keyOf).join("/");
  const sorted = files
    .map((one) => [key(one), one] as const)
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  const parts: Incoming[][] = [];
  let [size, last] = [0, ""];
  for (const [own, one] of sorted) {
    const part = parts.at(-1);
    if (part && (own === last || (size < PART && part.length < PART_FILES))) part.push(one);
    else {
      parts.push([one]);
      size = 0;
    }
    size += one.file?.size ?? 0;
    last = own;
  }
  return parts;
}

function fits({ path, file }: Incoming, { remarks }: Imported): boolean {
  if (!file || file.size <= MOST_BYTES) return true;
  remarks.push(leftOut(path, "It is larger than 100 MB."));
  return false;
}

function leftOut(path: string, words: string) {
  return { path, words, kept: false };
}

function sizeOf(files: readonly Incoming[]): number {
  return files.reduce((sum, { file }) => sum + (file?.size ?? 0), 0);
}

function sum(total: Imported, part: Imported): void {
  total.added += part.added;
  total.replaced += part.replaced;
  total.unchanged += part.unchanged;
  total.more += part.more;
  total.remarks.push(...part.remarks);
}

/** Summarise the outcome: "3 files were added, 1 was replaced." */
export function summary({ added, replaced, unchanged, remarks, more }: Imported): string {
  const left = remarks.filter(({ kept }) => !kept).length + more;
  const were = (count: number, what: string) =>
    `${many(count)} ${count === 1 ? "was" : "were"} ${what}`;
  const said = [
    added > 0 && were(added, "added"),
    replaced > 0 && were(replaced, "replaced"),
    unchanged > 0 && `${were(unchanged, "there already")}, just the same`,
    left > 0 && were(left, "left out"),
  ].filter(Boolean);
  return said.length > 0 ? `${said.join("; ")}.` : "There was nothing to add.";
}

function many(count: number): string {
  return count === 1 ? "1 file" : `${count.toLocaleString("en")} files`;
}
