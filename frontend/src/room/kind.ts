/**
 * What a kind of change is. `kinds.ts` lists all kinds. A feature that has a change of its own adds a
 * kind: it declares the change in `Changes`, and what the change makes of the room in `Facts`.
 */

import type { Tree, TreeNode } from "./tree";

export type FileId = string;
/** Any name that the server takes. One that `ui/languages.ts` does not know is plain text. */
export type Language = string;

/** A living file, as it is shown. */
export interface FileInfo {
  id: FileId;
  path: string;
  language: Language;
}

/** A file as `joined` has it; `language` only where somebody has chosen one. */
export interface File {
  id: FileId;
  name: string;
  text: string;
  language?: Language;
  parent?: string;
  removed?: boolean;
}

export interface Folder {
  id: string;
  name: string;
  parent?: string;
  removed?: boolean;
}

export interface Asset extends Folder {
  blob: string;
  size: number;
}

/** By kind, a change as the page has it, and as it travels. Each kind declares its own. */
// biome-ignore lint/suspicious/noEmptyInterface: kinds add to it by declaration merging
export interface Changes {}

/** What is known of a room besides its files: fields of `joined`. Each kind declares its own. */
// biome-ignore lint/suspicious/noEmptyInterface: kinds add to it by declaration merging
export interface Facts {}

export type KindName = keyof Changes;
export type ChangeOf<K extends KindName> = Changes[K]["change"];
export type WireOf<K extends KindName> = Changes[K]["wire"];
export type Change = ChangeOf<KindName>;
export type WireChange = WireOf<KindName>;

/** A room without its texts, with the own changes that are pending. */
export interface Outline {
  tree: Tree;
  facts: Facts;
}

/** What is committed in a room, for a change of the log to alter. */
export interface CommittedRoom {
  readonly facts: Facts;
  /** Throws OperationError where there is no such node. */
  node(id: string): TreeNode;
  /** Have a new node, or another one in the place of an old one. */
  put(node: TreeNode): void;
  /** Have the text of a new file. */
  begin(file: FileId, text: string): void;
}

export interface Kind<K extends KindName> {
  /** The first element of a change on the wire. */
  tag: K;
  encode(change: ChangeOf<K>): WireOf<K>;
  /** Throws OperationError for what makes no sense. */
  decode(wire: WireOf<K>): ChangeOf<K>;
  /** The file, folder or asset that a change is about; null where it is about the room. */
  fileOf(change: ChangeOf<K>): FileId | null;
  /** The position in that file where a change leaves its author's caret; null where it does not move the caret. */
  caret?(change: ChangeOf<K>): number | null;
  /** The facts that its changes alter, as they are in a new room. */
  facts?: Partial<Facts>;
  /** Take a change of the log. The room takes edits by itself. */
  commit?(change: ChangeOf<K>, room: CommittedRoom): void;
  /** Show an own change that is not in the log yet. */
  overlay?(change: ChangeOf<K>, shown: Outline): void;
  /** Whether an own change would alter what is shown. Without it, it always would. */
  alters?(change: ChangeOf<K>, shown: Outline): boolean;
  /** Whether an own change makes another one needless that waits before it. Otherwise one of the same file does. */
  supersedes?(change: ChangeOf<K>, waiting: ChangeOf<K>): boolean;
  /**
   * What others read of a change of somebody called `who`; without it, nothing. `before` is the node
   * that the change is about, as it was.
   */
  says?(change: ChangeOf<K>, who: string, before: TreeNode | undefined): string;
}

/** Kinds of which each knows its own changes only. */
// biome-ignore lint/suspicious/noExplicitAny: whoever looks a kind up by the tag of a change has a change of that kind
export type AnyKind = Kind<any>;
