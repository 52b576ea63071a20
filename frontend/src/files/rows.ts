/** The rows that a tree shows: what stands in open folders, or what a filter finds. */
import { type NodeId, ROOT, type TreeNode } from "../room/tree";
import type { TreeView } from "./view";

/** The id of what is named and has no other id yet. */
export const NEW = "";

/** A name that is being written: of a node that is there, or of one that comes to be in a folder. */
export type Naming = { kind: "rename"; id: NodeId } | { kind: "file" | "folder"; parent: NodeId };

/** What a row shows: a node, or what is to become one. */
export type Shown = Pick<TreeNode, "id" | "parent" | "name" | "kind">;

export interface Row {
  node: Shown;
  /** From 1. */
  level: number;
  /** The place among its siblings that are shown, from 1, and how many those are. */
  place: number;
  siblings: number;
  /** Whether a folder shows what stands in it; null for what is no folder. */
  open: boolean | null;
}

/** All rows, from top to bottom. With a filter: what it finds, in folders that are open. */
export function rowsOf(tree: TreeView, open: ReadonlySet<NodeId>, filter: string): Row[] {
  const found = filter.trim() === "" ? null : matching(tree, filter);
  const rows: Row[] = [];
  const add = (folder: NodeId, level: number) => {
    const children = tree.children(folder).filter(({ id }) => !found || found.has(id));
    for (const [index, node] of children.entries()) {
      const isOpen = node.kind === "folder" ? found !== null || open.has(node.id) : null;
      rows.push({ node, level, place: index + 1, siblings: children.length, open: isOpen });
      if (isOpen) add(node.id, level + 1);
    }
  };
  add(ROOT, 1);
  return rows;
}

/** The rows with one for a node that is being named and has none yet: it is the first one in its folder. */
export function withNew(rows: readonly Row[], naming: Naming | null): readonly Row[] {
  if (!naming || naming.kind === "rename") return rows;
  const { kind, parent } = naming;
  const above = rows.findIndex(({ node }) => node.id === parent);
  const level = (rows[above]?.level ?? 0) + 1;
  const node: Shown = { id: NEW, parent, name: "", kind };
  const row: Row = { node, level, place: 1, siblings: 1, open: null };
  return [...rows.slice(0, above + 1), row, ...rows.slice(above + 1)];
}

/** What has all the words in its path, and the folders it stands in. */
function matching(tree: TreeView, filter: string): Set<NodeId> {
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
  const found = new Set<NodeId>();
  for (const { id, name, kind } of tree.all) {
    const path = tree.path(id).toLowerCase();
    // A folder stands there for what is in it, unless it is called so itself.
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

/** The rows to draw of a list that is scrolled: from the first to before the last. */
export function inView(
  count: number,
  height: number,
  scrolled: number,
  seen: number,
  beyond = 8,
): [first: number, end: number] {
  const first = Math.floor(scrolled / height) - beyond;
  const end = Math.ceil((scrolled + seen) / height) + beyond;
  return [Math.max(0, Math.min(first, count)), Math.max(0, Math.min(end, count))];
}

/** The next row after `from` whose name begins with these letters; several alike go from one to the next. */
export function typedAhead(rows: readonly Row[], from: number, letters: string): number {
  const wanted = letters.toLowerCase();
  const same = [...wanted].every((letter) => letter === wanted[0]);
  const sought = same ? (wanted[0] ?? "") : wanted;
  // A single letter goes on from the next row; more letters may still mean this one.
  const start = same ? from + 1 : from;
  for (let step = 0; step < rows.length; step++) {
    const at = (start + step) % rows.length;
    if (rows[at]?.node.name.toLowerCase().startsWith(sought)) return at;
  }
  return -1;
}
