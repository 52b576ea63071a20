/** Makes the rows that a tree shows: the nodes in open folders, or the nodes that a filter finds. */
import { type NodeId, ROOT, type TreeNode } from "../room/tree";
import type { TreeView } from "./view";

/** The id of a new node whose name is being written. */
export const NEW = "";

/** A name that is being written: of an existing node, or of a new node in a folder. */
export type Naming = { kind: "rename"; id: NodeId } | { kind: "file" | "folder"; parent: NodeId };

/** The content of a row: a node, or a new node that does not exist yet. */
export type Shown = Pick<TreeNode, "id" | "parent" | "name" | "kind">;

export interface Row {
  node: Shown;
  /** The depth in the tree, counted from 1. */
  level: number;
  /** The place among the shown siblings, counted from 1, and the number of these siblings. */
  place: number;
  siblings: number;
  /** Tells whether a folder is open; null for a node that is no folder. */
  open: boolean | null;
}

/**
 * Return all rows from top to bottom. With a filter, return the nodes that it finds, in all folders
 * but those that are `shut`.
 */
export function rowsOf(
  tree: TreeView,
  open: ReadonlySet<NodeId>,
  filter: string,
  shut: ReadonlySet<NodeId> = new Set(),
): Row[] {
  const found = filter.trim() === "" ? null : matching(tree, filter);
  const rows: Row[] = [];
  const add = (folder: NodeId, level: number) => {
    const children = tree.children(folder).filter(({ id }) => !found || found.has(id));
    for (const [index, node] of children.entries()) {
      const isOpen =
        node.kind === "folder" ? (found ? !shut.has(node.id) : open.has(node.id)) : null;
      rows.push({ node, level, place: index + 1, siblings: children.length, open: isOpen });
      if (isOpen) add(node.id, level + 1);
    }
  };
  add(ROOT, 1);
  return rows;
}

/** Return the rows with one more row, the first in its folder, for a new node whose name is being written. */
export function withNew(rows: readonly Row[], naming: Naming | null): readonly Row[] {
  if (!naming || naming.kind === "rename") return rows;
  const { kind, parent } = naming;
  const above = rows.findIndex(({ node }) => node.id === parent);
  const level = (rows[above]?.level ?? 0) + 1;
  const node: Shown = { id: NEW, parent, name: "", kind };
  const row: Row = { node, level, place: 1, siblings: 1, open: null };
  return [...rows.slice(0, above + 1), row, ...rows.slice(above + 1)];
}

/** Return the nodes with all the filter's words in their path, and the folders above them. */
function matching(tree: TreeView, filter: string): Set<NodeId> {
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
  const found = new Set<NodeId>();
  for (const { id, name, kind } of tree.all) {
    const path = tree.path(id).toLowerCase();
    // A folder is shown anyway when something in it matches. By itself it counts only if its own name
    // has the words.
    const called = kind === "folder" ? name.toLowerCase() : path;
    if (
      !words.every((word) => path.includes(word) && (kind !== "folder" || called.includes(word)))
    ) {
      continue;
    }
    found.add(id);
    for (const folder of tree.folders(id)) found.add(folder.id);
  }
  return found;
}

/**
 * Return the next row after `from` whose name begins with these letters. Repeating one letter moves on
 * through the rows that begin with it.
 */
export function typedAhead(rows: readonly Row[], from: number, letters: string): number {
  const wanted = letters.toLowerCase();
  const same = [...wanted].every((letter) => letter === wanted[0]);
  const sought = same ? (wanted[0] ?? "") : wanted;
  // A single letter continues with the next row; more letters may still mean the present row.
  const start = same ? from + 1 : from;
  for (let step = 0; step < rows.length; step++) {
    const at = (start + step) % rows.length;
    if (rows[at]?.node.name.toLowerCase().startsWith(sought)) return at;
  }
  return -1;
}
