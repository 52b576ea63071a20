/** The tree of a room as it is looked at: pure, made anew whenever the tree is another one. */
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

  /** What stands in a folder and is not removed: folders first, each by name. */
  children(folder: NodeId): readonly TreeNode[] {
    return this.#children.get(folder) ?? [];
  }

  /** What was removed by itself, not with its folder. */
  get removed(): readonly TreeNode[] {
    const gone = [...this.tree].filter(
      ({ removed, parent }) => removed && (parent === ROOT || this.isHere(parent)),
    );
    return gone.sort((one, other) => this.path(one.id).localeCompare(this.path(other.id)));
  }

  /** The folders that a node stands in, the nearest one first. */
  folders(id: NodeId): readonly TreeNode[] {
    return this.tree.above(id).slice(1);
  }

  /** "src/main.py" */
  path(id: NodeId): string {
    const known = this.#paths.get(id);
    if (known !== undefined) return known;
    const node = this.get(id);
    if (!node) return "";
    // Also for folders that stand in one another, which no room has.
    this.#paths.set(id, node.name);
    const path = node.parent === ROOT ? node.name : `${this.path(node.parent)}/${node.name}`;
    this.#paths.set(id, path);
    return path;
  }

  /** What has a path, be it removed or not: rather what is here. */
  at(path: string): TreeNode | undefined {
    const name = path.slice(path.lastIndexOf("/") + 1);
    const called = [...this.tree].filter((node) => node.name === name);
    const found = called.filter(({ id }) => this.path(id) === path);
    return found.find(({ id }) => this.isHere(id)) ?? found[0];
  }

  /** Everything that is here, each folder before what stands in it. */
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

  /** Whether a folder is a node itself, or stands in it: the node cannot be moved there. */
  isWithin(folder: NodeId, node: NodeId): boolean {
    return this.tree.above(folder).some(({ id }) => id === node);
  }

  /** Of these nodes those that do not stand in another one of them: what is done to that is done to them. */
  tops(ids: Iterable<NodeId>): NodeId[] {
    const all = new Set(ids);
    return [...all].filter((id) => !this.folders(id).some((folder) => all.has(folder.id)));
  }
}
