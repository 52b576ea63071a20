/** Answers questions about a change of any kind. `kinds.ts` lists the kinds. */
import { KINDS } from "../kinds";
import type { Operation } from "../ot";
import type { AnyKind, Change, CommittedRoom, Facts, FileId, Outline, WireChange } from "./kind";
import type { TreeNode } from "./tree";
import { UnknownChange } from "./unknown";

export type {
  Asset,
  Change,
  Facts,
  File,
  FileId,
  FileInfo,
  Folder,
  Language,
  Outline,
  WireChange,
} from "./kind";

const BY_TAG: ReadonlyMap<string, AnyKind> = new Map(KINDS.map((kind) => [kind.tag, kind]));

export { UnknownChange } from "./unknown";

export type Edit = Extract<Change, { kind: "edit" }>;

export function encodeChange(change: Change): WireChange {
  return kindOf(change.kind).encode(change);
}

/** Decode a change. Throws UnknownChange, and OperationError for an edit that is no operation. */
export function decodeChange(wire: WireChange): Change {
  return kindOf(wire[0]).decode(wire);
}

export function fileOf(change: Change): FileId | null {
  return kindOf(change.kind).fileOf(change);
}

/** See `Kind.caret`. */
export function caretAfter(change: Change): number | null {
  return kindOf(change.kind).caret?.(change) ?? null;
}

/** Apply a change of the log that is no edit to the committed room. */
export function commit(change: Change, room: CommittedRoom): void {
  kindOf(change.kind).commit?.(change, room);
}

/** Apply a pending change to the shown outline. */
export function overlay(change: Change, shown: Outline): void {
  kindOf(change.kind).overlay?.(change, shown);
}

/** Tell whether an own change makes a waiting one needless. */
export function supersedes(change: Change, waiting: Change): boolean {
  if (change.kind !== waiting.kind) return false;
  const kind = kindOf(change.kind);
  return kind.supersedes?.(change, waiting) ?? kind.fileOf(change) === kind.fileOf(waiting);
}

/** Tell whether an own change would alter what is shown. */
export function alters(change: Change, shown: Outline): boolean {
  return kindOf(change.kind).alters?.(change, shown) ?? true;
}

/**
 * Return the words that others read about a change; null for none. `before` is the node that the change
 * is about, as it was.
 */
export function saysOf(change: Change, who: string, before?: TreeNode): string | null {
  return kindOf(change.kind).says?.(change, who, before) ?? null;
}

/** Return the changes that a change consists of. */
export function partsOf(change: Change): readonly Change[] {
  return change.kind === "many" ? change.changes : [change];
}

/** Return the edits that a change makes: at most one of each file. */
export function editsOf(change: Change): readonly Edit[] {
  if (change.kind === "edit") return [change];
  return change.kind === "many" ? change.changes.filter((part) => part.kind === "edit") : [];
}

/** Return the same change with another edit of a file. */
export function withEdit(change: Change, file: FileId, operation: Operation): Change {
  if (change.kind === "edit") return { ...change, operation };
  if (change.kind !== "many") return change;
  const changes = change.changes.map((part) =>
    part.kind === "edit" && part.file === file ? { ...part, operation } : part,
  );
  return { ...change, changes };
}

/** Return all facts of a room. Facts that are not known have their values in a new room. */
export function factsOf(known: Partial<Facts>): Facts {
  const initial: Facts = Object.assign({}, ...KINDS.map((kind) => kind.facts));
  const names = Object.keys(initial) as (keyof Facts)[];
  return Object.assign(initial, ...names.map((name) => ({ [name]: known[name] ?? initial[name] })));
}

function kindOf(tag: string): AnyKind {
  const kind = BY_TAG.get(tag);
  if (!kind) throw new UnknownChange(`a change of the kind ${JSON.stringify(tag)}`);
  return kind;
}
