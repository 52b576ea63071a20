/**
 * Defines what a kind of change is. `kinds.ts` lists all kinds. A feature with a change of its own adds
 * a kind: it declares the change in `Changes`, and the facts that the change alters in `Facts`.
 */

import type { Tree, TreeNode } from "./tree";

export type FileId = string;
/**
 * The name of a language: any name that the server takes. A name that `ui/languages.ts` does not know
 * means plain text.
 */
export type Language = string;

/** A living file, as the page shows it. */
export interface FileInfo {
  id: FileId;
  path: string;
  language: Language;
}

/** Stands in place of the language of an asset, which has none. */
export const ASSET: Language = "asset";

/** A living asset, as the page shows it. */
export interface AssetInfo extends FileInfo {
  /** The SHA-256 of the asset's bytes. */
  blob: string;
  size: number;
}

/** A file in the form in which `joined` describes it. It has a `language` only if somebody has chosen one. */
export interface File {
  id: FileId;
  name: string;
  /** The text; missing when the client does not hold the file. */
  text?: string;
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

/** The changes by kind, as the page has them and as they travel. Each kind declares its own. */
// biome-ignore lint/suspicious/noEmptyInterface: kinds add to it by declaration merging
export interface Changes {}

/** The facts about a room besides its files: fields of `joined`. Each kind declares its own. */
// biome-ignore lint/suspicious/noEmptyInterface: kinds add to it by declaration merging
export interface Facts {}

export type KindName = keyof Changes;
export type ChangeOf<K extends KindName> = Changes[K]["change"];
export type WireOf<K extends KindName> = Changes[K]["wire"];
export type Change = ChangeOf<KindName>;
export type WireChange = WireOf<KindName>;

/** A room without its texts, including the pending own changes. */
export interface Outline {
  tree: Tree;
  facts: Facts;
}

/** The committed room, which a change of the log alters. */
export interface CommittedRoom {
  readonly facts: Facts;
  /** Return a node. Throws OperationError when there is none with this id. */
  node(id: string): TreeNode;
  /** Add a node, or replace the node with the same id. */
  put(node: TreeNode): void;
  /** Set the text of a new file. */
  begin(file: FileId, text: string): void;
}

export interface Kind<K extends KindName> {
  /** The first element of a change of this kind on the wire. */
  tag: K;
  encode(change: ChangeOf<K>): WireOf<K>;
  /** Decode a change. Throws OperationError for a change that makes no sense. */
  decode(wire: WireOf<K>): ChangeOf<K>;
  /** Return the file, folder or asset that a change is about; null when it is about the room. */
  fileOf(change: ChangeOf<K>): FileId | null;
  /**
   * Return the position in that file where a change leaves its author's caret; null when it does not
   * move the caret.
   */
  caret?(change: ChangeOf<K>): number | null;
  /** The facts that changes of this kind alter, with their values in a new room. */
  facts?: Partial<Facts>;
  /** Apply a change of the log. The room itself applies edits. */
  commit?(change: ChangeOf<K>, room: CommittedRoom): void;
  /** Show an own change that is not in the log yet. */
  overlay?(change: ChangeOf<K>, shown: Outline): void;
  /** Tell whether an own change would alter what is shown. Without this method, every change does. */
  alters?(change: ChangeOf<K>, shown: Outline): boolean;
  /**
   * Tell whether an own change makes needless an earlier one that is waiting. Without this method, it
   * does when both are about the same file.
   */
  supersedes?(change: ChangeOf<K>, waiting: ChangeOf<K>): boolean;
  /**
   * Return the words that others read about a change made by `who`. Without this method there are none.
   * `before` is the node that the change is about, as it was.
   */
  says?(change: ChangeOf<K>, who: string, before: TreeNode | undefined): string;
}

/** Kinds in a list. Each one handles only its own changes. */
// biome-ignore lint/suspicious/noExplicitAny: whoever looks a kind up by the tag of a change has a change of that kind
export type AnyKind = Kind<any>;
