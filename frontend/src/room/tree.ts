/**
 * The tree of a room: where each file, folder and asset is, and which node has which name in a folder.
 *
 * A node is removed when its own `removed` is set. It is living when neither it nor a folder above it
 * is removed. The nodes in a removed folder keep their places there, and come back with it.
 *
 * The server decides the places of nodes when it commits a change of the tree, and the log has the
 * result. A change that is not in the log yet is shown where the server would put it now: `spot`
 * follows the server's rules.
 */
import { keyOf, spareName } from "./names";

export type NodeId = string;

/** The parent of nodes that are in no folder. */
export const ROOT: NodeId = "";

interface Placed {
  readonly id: NodeId;
  readonly name: string;
  /** The folder that the node is in, or `ROOT`. */
  readonly parent: NodeId;
  /** Tells whether somebody removed this node itself. Nodes in a removed folder are not marked. */
  readonly removed: boolean;
}

export interface FileNode extends Placed {
  readonly kind: "file";
  /** The chosen language; null when the file's name decides. */
  readonly chosen: string | null;
}

export interface FolderNode extends Placed {
  readonly kind: "folder";
}

export interface AssetNode extends Placed {
  readonly kind: "asset";
  /** The SHA-256 of the asset's bytes. */
  readonly blob: string;
  readonly size: number;
}

/** A file, folder or asset. A node never changes: another one takes its place in the tree. */
export type TreeNode = FileNode | FolderNode | AssetNode;

export interface Spot {
  parent: NodeId;
  name: string;
}

export class Tree implements Iterable<TreeNode> {
  readonly #nodes: Map<NodeId, TreeNode>;
  /** The nodes that are not removed, by folder and key of their name. */
  #holders: Map<string, NodeId> | null = null;

  constructor(nodes: Iterable<TreeNode> = []) {
    this.#nodes = new Map(Array.from(nodes, (node) => [node.id, node]));
  }

  [Symbol.iterator](): IterableIterator<TreeNode> {
    return this.#nodes.values();
  }

  get(id: NodeId): TreeNode | undefined {
    return this.#nodes.get(id);
  }

  /** Add a node, or replace the node with the same id. */
  put(node: TreeNode): void {
    const before = this.#nodes.get(node.id);
    this.#nodes.set(node.id, node);
    if (!this.#holders) return;
    if (before && !before.removed && this.holder(before.parent, before.name) === before.id) {
      this.#holders.delete(keyIn(before.parent, before.name));
    }
    if (!node.removed) this.#holders.set(keyIn(node.parent, node.name), node.id);
  }

  /** Return a node and the folders above it. */
  above(id: NodeId): TreeNode[] {
    const chain: TreeNode[] = [];
    for (let node = this.get(id); node && !chain.includes(node); node = this.get(node.parent)) {
      chain.push(node);
    }
    return chain;
  }

  isLiving(id: NodeId): boolean {
    const chain = this.above(id);
    return chain.length > 0 && !chain.some(({ removed }) => removed);
  }

  path(id: NodeId): string {
    return this.above(id)
      .map(({ name }) => name)
      .reverse()
      .join("/");
  }

  /**
   * Return the id of the node in a folder that has this name, or a name that some desktop would take
   * for the same.
   */
  holder(parent: NodeId, name: string): NodeId | undefined {
    this.#holders ??= new Map(
      [...this].flatMap((node) =>
        node.removed ? [] : [[keyIn(node.parent, node.name), node.id] as const],
      ),
    );
    return this.#holders.get(keyIn(parent, name));
  }

  /** Return the nearest living folder at or above a node; the root for an unknown node. */
  home(parent: NodeId): NodeId {
    let home = parent;
    for (const node of this.above(parent)) {
      if (node.removed || node.kind !== "folder") home = node.parent;
    }
    return this.get(home) ? home : ROOT;
  }

  /**
   * Return where a node ends up if somebody wants it at a place. Returns null if it would be inside
   * itself.
   */
  spot(id: NodeId, { parent, name }: Spot, stays = false): Spot | null {
    const home = stays ? parent : this.home(parent);
    if (this.above(home).some((folder) => folder.id === id)) return null;
    const isTaken = (other: string) => {
      const holder = this.holder(home, other);
      return holder !== undefined && holder !== id;
    };
    return { parent: home, name: spareName(name.normalize("NFC"), isTaken) };
  }

  /** Return the nodes of each folder that are not removed themselves, sorted by name. */
  byFolder(): Map<NodeId, TreeNode[]> {
    const folders = new Map<NodeId, TreeNode[]>();
    for (const node of this) {
      if (node.removed) continue;
      const siblings = folders.get(node.parent);
      if (siblings) siblings.push(node);
      else folders.set(node.parent, [node]);
    }
    for (const siblings of folders.values()) siblings.sort(byName);
    return folders;
  }
}

const collator = new Intl.Collator(undefined, { numeric: true, sensitivity: "base" });

/** Compare two nodes for sorting: folders first, then by name; numbers in names by their value. */
export function byName(one: TreeNode, other: TreeNode): number {
  const folders = Number(other.kind === "folder") - Number(one.kind === "folder");
  return folders || collator.compare(one.name, other.name);
}

function keyIn(parent: NodeId, name: string): string {
  return `${parent}/${keyOf(name)}`;
}
