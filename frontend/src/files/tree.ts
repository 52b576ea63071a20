/**
 * The operations of a person on the tree of a room. Their results show at once, and are saved like
 * typed text.
 */
import type { ReadonlySignal } from "@preact/signals";
import type { Change, FileId } from "../link/protocol";
import { ROOT, type Spot, type Tree, type TreeNode } from "../room/tree";

type Id = string;

/** The parts of a room that `FileTree` needs. `Exchange` has them. */
export interface Planted {
  readonly tree: ReadonlySignal<Tree>;
  submit(change: Change): void;
  readonly room: { text(file: FileId): string };
}

export class FileTree {
  /** All nodes, including removed ones, with pending own changes. Each change makes another Tree. */
  readonly tree: ReadonlySignal<Tree>;
  readonly #room: Planted;

  constructor(room: Planted) {
    this.#room = room;
    this.tree = room.tree;
  }

  /** Add a file. Returns its id. If the name is taken, the file gets the first free one. */
  add(name: string, parent: Id = ROOT, text = "", language: string | null = null): FileId {
    const file = newId();
    this.#room.submit({ kind: "add", file, name, parent, text, language });
    return file;
  }

  /** Add a folder. Returns its id. */
  addFolder(name: string, parent: Id = ROOT): Id {
    const id = newId();
    this.#room.submit({ kind: "folder", id, parent, name });
    return id;
  }

  rename(id: Id, name: string): void {
    const node = this.#node(id);
    if (node) this.#room.submit({ kind: "move", id, parent: node.parent, name });
  }

  /** Tell whether a node can be moved to a folder: neither into itself nor to where it already is. */
  canMove(id: Id, parent: Id): boolean {
    const tree = this.tree.peek();
    const node = tree.get(id);
    return node !== undefined && node.parent !== parent && tree.spot(id, at(node, parent)) !== null;
  }

  /** Move nodes into a folder. The contents of a folder move with it. */
  move(ids: readonly Id[], parent: Id): void {
    const movable = this.#topmost(ids).filter(({ id }) => this.canMove(id, parent));
    this.#submit(movable.map((node) => ({ kind: "move", id: node.id, ...at(node, parent) })));
  }

  /** Remove nodes and everything in them. They can be restored. */
  remove(ids: readonly Id[]): void {
    this.#submit(this.#topmost(ids).map(({ id }) => ({ kind: "remove", id })));
  }

  /** Restore nodes where they were, or in the nearest folder that still exists. */
  restore(ids: readonly Id[]): void {
    const changes = ids.flatMap((id): Change[] => {
      const node = this.#node(id);
      return node ? [{ kind: "restore", id, parent: node.parent, name: node.name }] : [];
    });
    this.#submit(changes);
  }

  /**
   * Add a copy of a file or folder beside it. Returns its id; null when there is nothing to copy.
   * Leaves assets out, because their bytes are copied in another way.
   */
  duplicate(id: Id): Id | null {
    const node = this.#node(id);
    if (!node || node.kind === "asset") return null;
    const changes: Change[] = [];
    const copy = this.#copy(node, node.parent, changes, this.tree.peek().byFolder());
    this.#submit(changes);
    return copy;
  }

  /** Return the files whose texts a copy of a node needs. */
  textsOf(id: Id): FileId[] {
    const folders = this.tree.peek().byFolder();
    const below = (node: TreeNode): FileId[] =>
      node.kind === "file" ? [node.id] : (folders.get(node.id) ?? []).flatMap(below);
    const node = this.#node(id);
    return node ? below(node) : [];
  }

  /** The removed nodes. The contents of a removed folder are not listed. */
  get removed(): TreeNode[] {
    return [...this.tree.value].filter(({ removed }) => removed);
  }

  #copy(
    node: TreeNode,
    parent: Id,
    changes: Change[],
    folders: ReadonlyMap<Id, readonly TreeNode[]>,
  ): Id {
    const id = newId();
    const { name } = node;
    if (node.kind === "file") {
      const text = this.#room.room.text(node.id);
      changes.push({ kind: "add", file: id, name, parent, text, language: node.chosen });
    } else if (node.kind === "folder") {
      changes.push({ kind: "folder", id, parent, name });
      for (const child of folders.get(node.id) ?? []) this.#copy(child, id, changes, folders);
    }
    return id;
  }

  /** Submit several changes as one entry of the log. */
  #submit(changes: readonly Change[]): void {
    const [one, ...others] = changes;
    if (!one) return;
    if (others.length === 0) this.#room.submit(one);
    else this.#room.submit({ kind: "many", changes: [...changes], cause: "replace" });
  }

  /** Return the nodes of a selection that are not inside others of it. */
  #topmost(ids: readonly Id[]): TreeNode[] {
    const tree = this.tree.peek();
    const chosen = new Set(ids);
    return ids.flatMap((id) => {
      const [node, ...above] = tree.above(id);
      return node && !above.some((folder) => chosen.has(folder.id)) ? [node] : [];
    });
  }

  #node(id: Id): TreeNode | undefined {
    return this.tree.peek().get(id);
  }
}

/** Return an id that nobody else has: 66 random bits. */
export function newId(): Id {
  const letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_";
  return Array.from(crypto.getRandomValues(new Uint8Array(11)), (byte) => letters[byte & 63]).join(
    "",
  );
}

function at({ name }: TreeNode, parent: Id): Spot {
  return { parent, name };
}
