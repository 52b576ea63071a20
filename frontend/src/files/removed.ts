/** The removed nodes of a room, as the files pane lists them. */
import { type NodeId, ROOT, type TreeNode } from "../room/tree";
import type { TreeView } from "./view";

const IN_ORDER = new Intl.Collator("en", { numeric: true }).compare;

/** Return the nodes that were removed themselves, not with their folder. */
export function removedIn(view: TreeView): readonly TreeNode[] {
  return [...view.tree].filter(
    ({ removed, parent }) => removed && (parent === ROOT || view.isHere(parent)),
  );
}

/** Return the paths of nodes, in order, each with its id. */
export function inOrder(
  view: TreeView,
  nodes: readonly TreeNode[],
): { id: NodeId; path: string }[] {
  const found = nodes.map(({ id }) => ({ id, path: view.path(id) }));
  return found.sort((one, other) => IN_ORDER(one.path, other.path));
}
