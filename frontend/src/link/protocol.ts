/** Every message of the OT protocol, version 2. collab/PROTOCOL.md tells what they mean. */

import { type Component, Operation } from "../ot";
import {
  type Change,
  decodeChange,
  type Facts,
  type File,
  type FileId,
  type WireChange,
} from "../room/changes";

export {
  type Change,
  decodeChange,
  encodeChange,
  type Facts,
  type File,
  type FileId,
  type FileInfo,
  type Language,
  type Outline,
  UnknownChange,
  type WireChange,
} from "../room/changes";

export const VERSION = 2;
export const SUBPROTOCOL = "collab";

export type ClientId = string;
/** The number that a client was given in the room, or its id. */
export type Who = number | ClientId;
/** [anchor, head], in code points. */
export type Selection = readonly [number, number];

/** A committed change, with who submitted it under which number. */
export interface Entry {
  who: Who;
  seq: number;
  change: Change;
}

/** So many entries of others that follow one another, as what they come to. */
export interface Stretch {
  count: number;
  changes: Change[];
}

export interface Caret {
  file: FileId | null;
  revision: number;
  selections: readonly Selection[];
}

export interface Limits {
  /** Code points a file. */
  text: number;
  /** Components an operation. */
  components: number;
}

/** By file, the `checksum` of its text. */
export type Checksums = Readonly<Record<FileId, number>>;

export interface Profile {
  person: string;
  name: string;
  /** 0..7, an index into the people colours. */
  colour: number;
}

/** How the content of a change came about. The log keeps it. */
export type Origin = "typed" | "pasted" | "suggestion" | "formatted" | "import" | "tool";

// From the client

export type ClientMessage =
  | (Profile & {
      type: "join";
      protocol: number;
      key: string;
      at: number;
      revision?: number;
      text?: boolean;
    })
  | { type: "submit"; seq: number; revision: number; change: WireChange; origin?: Origin }
  | (Caret & { type: "presence" })
  | { type: "profile"; name: string; colour: number }
  | { type: "read"; file: FileId }
  | { type: "ping" };

// From the server

/** With what is known of the room besides its files. */
export interface Joined extends Partial<Facts> {
  type: "joined";
  client: ClientId;
  /** That stands for this client in entries. */
  number: number;
  /** The highest of this client's numbers in the log. */
  seq: number;
  /** The head. */
  revision: number;
  /** When the head was committed, in ms since 1970. */
  updated_at: number;
  people: (Profile & { client: ClientId; number?: number; caret: Caret | null })[];
  limits: Limits;
  checksums: Checksums;
  /** The files, or the entries after the revision that `join` named; both where it wants the text. */
  files?: File[];
  entries?: (Entry | Stretch)[];
}

export type ServerMessage =
  | Joined
  | { type: "entries"; revision: number; entries: Entry[] }
  | { type: "checksum"; revision: number; files: Checksums }
  | { type: "text"; file: FileId; revision: number; text: string }
  | { type: "refused"; seq: number; code: string; message: string }
  | (Profile & { type: "person"; client: ClientId; number?: number })
  | (Caret & { type: "presence"; client: ClientId })
  | { type: "left"; client: ClientId }
  | { type: "pong" }
  | { type: "error"; code: string; message: string; seq?: number };

/** An edit, or any other change. */
type WireEntry = [Who, number, FileId, Component[]] | [Who, number, WireChange];
type WireStretch = [number, WireChange[]];

/**
 * The message in a frame. A `type` that we do not know is passed on: who reads it ignores it.
 * Throws UnknownChange, and SyntaxError or OperationError for what no server should send.
 */
export function decode(frame: string): ServerMessage {
  const message = JSON.parse(frame);
  if (Array.isArray(message)) {
    const [revision, ...entries] = message as [number, ...WireEntry[]];
    return { type: "entries", revision, entries: entries.map(decodeEntry) };
  }
  if (message.entries) message.entries = message.entries.map(decodeMissed);
  return message;
}

function decodeMissed(missed: WireEntry | WireStretch): Entry | Stretch {
  if (missed.length > 2) return decodeEntry(missed as WireEntry);
  const [count, changes] = missed as WireStretch;
  return { count, changes: changes.map(decodeChange) };
}

function decodeEntry(entry: WireEntry): Entry {
  if (entry.length === 3) return { who: entry[0], seq: entry[1], change: decodeChange(entry[2]) };
  const [who, seq, file, components] = entry;
  return { who, seq, change: { kind: "edit", file, operation: Operation.decode(components) } };
}
