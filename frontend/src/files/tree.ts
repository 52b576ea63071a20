/** What a person does to the tree of a room. It shows at once, and is saved like what is typed. */
import type { ReadonlySignal } from "@preact/signals";
import type { Change, FileId } from "../link/protocol";
import { ROOT, type Spot, type Tree, type TreeNode } from "../room/tree";

type Id = string;

/** The parts of a room that this needs: `Exchange` has them. */
export interface Planted {
  readonly tree: ReadonlySignal<Tree>;
  submit(change: Change): void;
  readonly room: { text(file: FileId): string };
}

export class FileTree {
  /** All nodes, removed ones too, with own changes that are pending. A change makes it another one. */
  readonly tree: ReadonlySignal<Tree>;
  readonly #room: Planted;

  constructor(room: Planted) {
    this.#room = room;
    this.tree = room.tree;
  }

  /** Add a file. Returns its id; where the name is taken, the file gets the first free one. */
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

  /** Whether a node may be moved there: not into itself, nor to where it is. */
  canMove(id: Id, parent: Id): boolean {
    const tree = this.tree.peek();
    const node = tree.get(id);
    return node !== undefined && node.parent !== parent && tree.spot(id, at(node, parent)) !== null;
  }

  /** Move nodes into a folder. What is in a folder that is moved goes along. */
  move(ids: readonly Id[], parent: Id): void {
    const movable = this.#topmost(ids).filter(({ id }) => this.canMove(id, parent));
    this.#submit(movable.map((node) => ({ kind: "move", id: node.id, ...at(node, parent) })));
  }

  /** Remove nodes, and all that is in them. They can be restored. */
  remove(ids: readonly Id[]): void {
    this.#submit(this.#topmost(ids).map(({ id }) => ({ kind: "remove", id })));
  }

  /** Bring nodes back to where they were, or as near as there is a folder. */
  restore(ids: readonly Id[]): void {
    const changes = ids.flatMap((id): Change[] => {
      const node = this.#node(id);
      return node ? [{ kind: "restore", id, parent: node.parent, name: node.name }] : [];
    });
    this.#submit(changes);
  }

  /**
   * Add a copy of a file or folder beside it. Returns its id; null where there is nothing to copy.
   * Assets are left out: their bytes come by another way.
   */
  duplicate(id: Id): Id | null {
    const node = this.#node(id);
    if (!node || node.kind === "asset") return null;
    const changes: Change[] = [];
    const copy = this.#copy(node, node.parent, changes, this.tree.peek().byFolder());
    this.#submit(changes);
    return copy;
  }

  /** The removed nodes: of a removed folder, only itself. */
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

  /** Several changes are one entry of the log. */
  #submit(changes: readonly Change[]): void {
    const [one, ...others] = changes;
    if (!one) return;
    if (others.length === 0) this.#room.submit(one);
    else this.#room.submit({ kind: "many", changes: [...changes], cause: "replace" });
  }

  /** The nodes of a selection without those that are in others of it. */
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

/** An id that nobody else has: 66 bits of chance. */
export function newId(): Id {
  const letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_";
  return Array.from(crypto.getRandomValues(new Uint8Array(11)), (byte) => letters[byte & 63]).join(
    "",
  );
}

function at({ name }: TreeNode, parent: Id): Spot {
  return { parent, name };
}
