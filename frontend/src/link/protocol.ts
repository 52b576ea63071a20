/** Every message of the OT protocol, version 3. collab/PROTOCOL.md explains them. */

import { type Component, Operation } from "../ot";
import {
  type Asset,
  type Change,
  decodeChange,
  type Facts,
  type File,
  type FileId,
  type Folder,
  type WireChange,
} from "../room/changes";

export {
  type Asset,
  type Change,
  decodeChange,
  encodeChange,
  type Facts,
  type File,
  type FileId,
  type FileInfo,
  type Folder,
  type Language,
  type Outline,
  UnknownChange,
  type WireChange,
} from "../room/changes";

export const VERSION = 3;
export const SUBPROTOCOL = "collab";

export type ClientId = string;
/** A client's number in the room, or its id. */
export type Who = number | ClientId;
/** [anchor, head], in code points. */
export type Selection = readonly [number, number];

/** A committed change, with the client that submitted it and the number it gave it. */
export interface Entry {
  who: Who;
  seq: number;
  change: Change;
}

/** Several successive entries of others, composed. */
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
  /** Code points of a file. */
  text: number;
  /** Components of an operation. */
  components: number;
  /** Files, folders and assets of a room, removed ones too. */
  files: number;
  /** Bytes of a name, and of a path. */
  name: number;
  path: number;
  /** Levels of the tree. */
  depth: number;
  /** Bytes of an asset. */
  asset: number;
  /** Code points of all texts and bytes of all assets. */
  room: number;
}

/** The `checksum` of the text of each file. */
export type Checksums = Readonly<Record<FileId, number>>;

export interface Profile {
  person: string;
  name: string;
  /** 0..7, an index into the people colours. */
  colour: number;
}

/** The roles in a room, from the least to the most. */
export type Role = "viewer" | "commenter" | "editor" | "owner";

/** The person here and the door of the room: what its id gives by itself, and whether all others only watch. */
export interface Standing {
  role: Role;
  open: "editor" | "viewer" | "ask" | "none";
  locked: boolean;
  /** Tells whether the room has an owner. */
  owned: boolean;
}

/** Tells of a person's role. Left out: an editor, and somebody whom the server does not know. */
export interface Ranked {
  role?: Role;
  /** The public id of a person whom the server knows. */
  who?: string;
  /** Whom an agent works for. */
  agent?: string;
}

/** The author of an entry who is not in the room, such as a program. */
export interface Author {
  client: ClientId;
  person: string;
  name: string;
}

/** The way in which the text of a change was made. The log keeps it. */
export type Origin = "typed" | "pasted" | "suggestion" | "formatted" | "import" | "tool" | "ai";

// From the client

export type ClientMessage =
  | (Profile & {
      type: "join";
      protocol: number;
      key: string;
      at: number;
      revision?: number;
      text?: boolean;
      holds?: FileId[];
    })
  | { type: "submit"; seq: number; revision: number; change: WireChange; origin?: Origin }
  | (Caret & { type: "presence" })
  | { type: "profile"; name: string; colour: number }
  | { type: "read"; file: FileId }
  | { type: "ping" }
  | FeatureMessage;

/** By type, the fields of a message that only a feature knows. Each declares its own. */
// biome-ignore lint/suspicious/noEmptyInterface: features add to it by declaration merging
export interface FeatureMessages {}

export type FeatureMessage = {
  [T in keyof FeatureMessages]: { type: T } & FeatureMessages[T];
}[keyof FeatureMessages];

// From the server

/** Includes the facts of the room besides its files. */
export interface Joined extends Partial<Facts> {
  type: "joined";
  client: ClientId;
  /** The number that stands for this client in entries. */
  number: number;
  /** The highest number of a change of this client in the log. */
  seq: number;
  /** The newest revision. */
  revision: number;
  /** The time at which the newest revision was committed, in ms since 1970. */
  updated_at: number;
  people: (Profile & Ranked & { client: ClientId; number?: number; caret: Caret | null })[];
  /** Missing are `locked` and `owned` where they are false. */
  role?: Role;
  open?: Standing["open"];
  locked?: boolean;
  owned?: boolean;
  limits: Limits;
  checksums: Checksums;
  /** The files, or the entries after the revision that `join` named; both if `join` asked for the text. */
  files?: File[];
  /** With the files: where there are any. */
  folders?: Folder[];
  assets?: Asset[];
  entries?: (Entry | Stretch)[];
  /** The authors of these entries who are not in the room. */
  authors?: Author[];
}

export type ServerMessage =
  | Joined
  | { type: "entries"; revision: number; entries: Entry[] }
  | { type: "authors"; authors: Author[] }
  | { type: "checksum"; revision: number; files: Checksums }
  | { type: "text"; file: FileId; revision: number; text: string }
  | { type: "refused"; seq: number; code: string; message: string }
  | (Profile & Ranked & { type: "person"; client: ClientId; number?: number })
  | (Caret & { type: "presence"; client: ClientId })
  | { type: "left"; client: ClientId }
  | { type: "pong" }
  | { type: "error"; code: string; message: string; seq?: number };

/** An edit, or any other change. */
type WireEntry = [Who, number, FileId, Component[]] | [Who, number, WireChange];
type WireStretch = [number, WireChange[]];

/**
 * Decode the message in a frame. A message of an unknown `type` is passed on, and its reader ignores it.
 * Throws UnknownChange, and SyntaxError or OperationError for frames that no server should send.
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
