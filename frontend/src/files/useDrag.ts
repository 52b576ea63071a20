/** Moves files and folders with the mouse: into a folder, or beside the nodes in it. */
import { useRef } from "preact/hooks";
import type { RoomContext } from "../feature";
import { ROOT, type TreeNode } from "../room/tree";
import { filesOf } from "./store";

/** The time that the mouse rests on a closed folder before it opens, in ms. */
const OPENS = 700;

/** Return the drag handlers for the row of a node; without a node, for the free space under all rows. */
export function useDrag(room: RoomContext, node: Pick<TreeNode, "id" | "parent" | "kind"> | null) {
  const store = filesOf(room);
  const opening = useRef(0);
  const to = node === null ? ROOT : node.kind === "folder" ? node.id : node.parent;
  const leave = () => {
    clearTimeout(opening.current);
    opening.current = 0;
    store.target.value = null;
  };
  const drop = {
    onDragOver: (event: DragEvent) => {
      if (!store.dragged.peek().some((id) => store.verbs.canMove(id, to))) return;
      event.preventDefault();
      event.stopPropagation();
      store.target.value = to;
      if (node?.kind === "folder" && !store.open.peek().has(node.id)) {
        opening.current ||= window.setTimeout(() => store.toggle(node.id, true), OPENS);
      }
    },
    onDragLeave: leave,
    onDrop: (event: DragEvent) => {
      const ids = store.dragged.peek();
      leave();
      if (ids.length === 0) return;
      event.preventDefault();
      event.stopPropagation();
      store.move(ids, to);
    },
  };
  if (node === null) return drop;
  return {
    ...drop,
    draggable: matchMedia("(pointer: fine)").matches && store.naming.value === null,
    onDragStart: (event: DragEvent) => {
      const selected = store.selected.peek();
      store.dragged.value = selected.has(node.id) ? [...selected] : [node.id];
      event.dataTransfer?.setData("text/plain", store.tree.peek().path(node.id));
    },
    onDragEnd: () => {
      store.dragged.value = [];
      leave();
    },
  };
}
