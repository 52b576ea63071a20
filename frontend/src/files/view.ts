/** A read-only view of a room's tree. It is pure, and made anew whenever the tree changes. */
import { type NodeId, ROOT, type Tree, type TreeNode } from "../room/tree";

export class TreeView {
  readonly tree: Tree;
  readonly #children: ReadonlyMap<NodeId, readonly TreeNode[]>;
  readonly #paths = new Map<NodeId, string>();
  #all: readonly TreeNode[] | null = null;

  constructor(tree: Tree) {
    this.tree = tree;
    this.#children = tree.byFolder();
  }

  get(id: NodeId): TreeNode | undefined {
    return this.tree.get(id);
  }

  isHere(id: NodeId): boolean {
    return this.tree.isLiving(id);
  }

  /** Return the nodes in a folder that are not removed: folders first, each group sorted by name. */
  children(folder: NodeId): readonly TreeNode[] {
    return this.#children.get(folder) ?? [];
  }

  /** Return the folders above a node, the nearest one first. */
  folders(id: NodeId): readonly TreeNode[] {
    return this.tree.above(id).slice(1);
  }

  /** Return the path of a node, such as "src/main.py". */
  path(id: NodeId): string {
    const known = this.#paths.get(id);
    if (known !== undefined) return known;
    const node = this.get(id);
    if (!node) return "";
    // This stops the recursion even for folders that are inside one another, which no room has.
    this.#paths.set(id, node.name);
    const path = node.parent === ROOT ? node.name : `${this.path(node.parent)}/${node.name}`;
    this.#paths.set(id, path);
    return path;
  }

  /** Return the node at a path, removed or not. A node that is not removed takes precedence. */
  at(path: string): TreeNode | undefined {
    const name = path.slice(path.lastIndexOf("/") + 1);
    const called = [...this.tree].filter((node) => node.name === name);
    const found = called.filter(({ id }) => this.path(id) === path);
    return found.find(({ id }) => this.isHere(id)) ?? found[0];
  }

  /** All nodes that are not removed, each folder before its contents. */
  get all(): readonly TreeNode[] {
    if (this.#all) return this.#all;
    const all: TreeNode[] = [];
    const add = (folder: NodeId) => {
      for (const node of this.children(folder)) {
        all.push(node);
        if (node.kind === "folder") add(node.id);
      }
    };
    add(ROOT);
    this.#all = all;
    return all;
  }

  /** Tell whether a folder is the node itself or inside it. Then the node cannot be moved there. */
  isWithin(folder: NodeId, node: NodeId): boolean {
    return this.tree.above(folder).some(({ id }) => id === node);
  }

  /**
   * Return the nodes that are not inside another one of them. An operation on a folder applies to its
   * contents too.
   */
  tops(ids: Iterable<NodeId>): NodeId[] {
    const all = new Set(ids);
    return [...all].filter((id) => !this.folders(id).some((folder) => all.has(folder.id)));
  }
}
