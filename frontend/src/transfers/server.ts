/** The requests to the server that bring files in and out. */
import { at } from "../base";
import type { Asker } from "../people/asker";
import type { Remark } from "./gather";

/** The choices for a file whose name is taken. */
export type Conflict = "keep" | "replace" | "skip";

export interface Imported {
  added: number;
  replaced: number;
  /** The number of files that exist already with the same content. */
  unchanged: number;
  remarks: Remark[];
  /** The number of remarks that did not fit into the answer. */
  more: number;
}

export interface Target {
  room: string;
  asker: Asker;
  /** The path of the folder that the files are added to; "" for the root. */
  folder: string;
  conflict: Conflict;
}

/** Thrown when the server refuses. `imported` files had been added before. */
export class Refused extends Error {
  readonly imported: number;

  constructor(words: string, imported = 0) {
    super(words);
    this.imported = imported;
  }
}

/** Thrown when a person stops a request before the server had all of it. */
export class Stopped extends Error {}

const UNREACHABLE = "The server cannot be reached.";

/**
 * Send a zip. `signal` stops it, but only until the whole zip has been sent. After that the answer is
 * awaited, so that the person is told exactly which files were added.
 */
export function sendZip(
  target: Target,
  zip: Blob,
  signal: AbortSignal,
  onSent: (bytes: number) => void,
): Promise<Imported> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    let whole = false;
    const stop = () => {
      if (!whole) request.abort();
    };
    request.upload.onprogress = ({ loaded, total }) => {
      whole = loaded === total;
      onSent(loaded);
    };
    request.upload.onload = () => {
      whole = true;
    };
    request.onload = () => settle(request.status, request.responseText, resolve, reject);
    request.onerror = () => reject(new Refused(UNREACHABLE));
    request.onabort = () => reject(new Stopped());
    request.onloadend = () => signal.removeEventListener("abort", stop);
    signal.addEventListener("abort", stop);
    request.open("POST", addressOf(target, "import"));
    for (const [header, value] of Object.entries(target.asker)) {
      request.setRequestHeader(header, value);
    }
    request.send(zip);
    if (signal.aborted) stop();
  });
}

/** Let the server fetch the files of a repository. */
export async function importFromGit(
  target: Target,
  git: string,
  signal: AbortSignal,
): Promise<Imported> {
  const asked = fetch(addressOf(target, "import/git"), {
    method: "POST",
    headers: { "content-type": "application/json", ...target.asker },
    body: JSON.stringify({ url: git }),
    signal,
  });
  const answer = asked.then(async (answer) => [answer.status, await answer.text()] as const);
  const [status, text] = await answer.catch(() => {
    throw signal.aborted ? new Stopped() : new Refused(UNREACHABLE);
  });
  return new Promise((resolve, reject) => settle(status, text, resolve, reject));
}

function settle(
  status: number,
  text: string,
  resolve: (imported: Imported) => void,
  reject: (error: Refused) => void,
): void {
  try {
    const body = JSON.parse(text);
    if (status < 300) resolve(body);
    else if (status === 500) reject(new Refused(wrong(status)));
    else reject(new Refused(body.detail, body.extra?.imported ?? 0));
  } catch {
    reject(new Refused(wrong(status)));
  }
}

function wrong(status: number): string {
  return `Something went wrong on the server (${status}).`;
}

function addressOf({ room, folder, conflict }: Target, what: string): string {
  const query = new URLSearchParams({ conflict, folder });
  return `${at(`/rooms/${room}/${what}`)}?${query}`;
}

/** Return the address of a file's content as saved on the server. */
export function contentOf(room: string, path: string): string {
  return at(contentPath(room, path));
}

/** Return the address of the zip of a folder, or of the whole room for "". */
export function zipAt(room: string, folder: string): string {
  return at(`/rooms/${room}/export.zip${folder && `?${new URLSearchParams({ folder })}`}`);
}

/** Copy the room as it is saved. Returns the id of the copy. */
export async function copyRoom(room: string, history: boolean, asker: Asker): Promise<string> {
  const { roomId } = await ask<{ roomId: string }>("/rooms", { copy: room, history }, asker);
  return roomId;
}

/** Copy a file or folder, as it is saved, beside it. Returns the path of the copy. */
export async function copyNode(room: string, path: string, asker: Asker): Promise<string> {
  const copy = await ask<{ path: string }>(contentPath(room, path), { path }, asker);
  return copy.path;
}

/** Send a request. Throws an Error with a message for people. */
async function ask<T>(path: string, body: object, asker: Asker = {}): Promise<T> {
  const asked = fetch(at(path), {
    method: "POST",
    headers: { "content-type": "application/json", ...asker },
    body: JSON.stringify(body),
  });
  const answer = await asked.catch(() => {
    throw new Error(UNREACHABLE);
  });
  const said = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Error(said.detail ?? `The server answered ${answer.status}.`);
  return said;
}

function contentPath(room: string, path: string): string {
  return `/rooms/${room}/files/${path.split("/").map(encodeURIComponent).join("/")}`;
}
