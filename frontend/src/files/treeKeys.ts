/** Handles keys in the tree of files. */
import type { RoomContext } from "../feature";
import { onMac } from "../keys";
import { type NodeId, ROOT } from "../room/tree";
import { type Row, typedAhead } from "./rows";
import { type FilesStore, showFile } from "./store";

/** The time in ms after which a letter begins a new word. */
const PAUSE = 700;

interface Around {
  room: RoomContext;
  store: FilesStore;
  rows(): readonly Row[];
  /** Return the index of the row that has the focus. */
  at(): number;
  /** Return the number of rows that Page Up and Page Down move by. */
  page(): number;
  focus(index: number): void;
  openMenu(id: NodeId): void;
}

let typed = "";
let typedAt = 0;

/** Return the handler for keys that are pressed in the tree. */
export function treeKeys({ room, store, rows, at, page, focus, openMenu }: Around) {
  const ids = () => rows().map(({ node }) => node.id);
  const go = (to: number, extend: boolean) => {
    const next = rows()[Math.max(0, Math.min(to, rows().length - 1))];
    if (!next) return;
    if (extend) store.select(next.node.id, "range", ids());
    else store.anchor = next.node.id;
    focus(rows().indexOf(next));
  };
  const act: Record<string, (row: Row, index: number, event: KeyboardEvent) => void> = {
    ArrowDown: (_, index, { shiftKey }) => go(index + 1, shiftKey),
    ArrowUp: (_, index, { shiftKey }) => go(index - 1, shiftKey),
    Home: (_row, _index, { shiftKey }) => go(0, shiftKey),
    End: (_row, _index, { shiftKey }) => go(rows().length - 1, shiftKey),
    PageDown: (_, index, { shiftKey }) => go(index + page(), shiftKey),
    PageUp: (_, index, { shiftKey }) => go(index - page(), shiftKey),
    ArrowRight: ({ node, open }, index) => {
      if (open === false) store.toggle(node.id, true);
      else if (open) go(index + 1, false);
    },
    ArrowLeft: ({ node, open }) => {
      if (open) store.toggle(node.id, false);
      else if (node.parent !== ROOT) go(ids().indexOf(node.parent), false);
    },
    Enter: ({ node }) => {
      if (node.kind === "folder") store.toggle(node.id);
      else showFile(room, node.id);
    },
    "*": ({ node }) => {
      for (const sibling of store.tree.peek().children(node.parent)) {
        if (sibling.kind === "folder") store.toggle(sibling.id, true);
      }
    },
    F2: ({ node }) => store.name({ kind: "rename", id: node.id }),
    Delete: () => store.remove(store.chosen.map(({ id }) => id)),
    Escape: () => store.unselect(),
    ContextMenu: ({ node }) => openMenu(node.id),
  };
  return (event: KeyboardEvent) => {
    const index = at();
    const row = rows()[index];
    if (!row || event.isComposing || event.target instanceof HTMLInputElement) return;
    const mod = onMac ? event.metaKey : event.ctrlKey;
    const { key } = event;
    if (mod && key === "a") store.selected.value = new Set(ids());
    else if (mod && key === " ") store.select(row.node.id, "toggle", ids());
    else if (event.shiftKey && key === "F10") openMenu(row.node.id);
    else if (mod || event.altKey) return;
    else if (key === "Backspace" && onMac) act.Delete?.(row, index, event);
    else if (key === "Escape" && store.selected.peek().size === 0) return;
    else if (act[key]) act[key](row, index, event);
    else if (key === " " && Date.now() - typedAt > PAUSE) act.Enter?.(row, index, event);
    else if ([...key].length === 1) {
      typed = Date.now() - typedAt > PAUSE ? key : typed + key;
      typedAt = Date.now();
      const found = typedAhead(rows(), index, typed);
      if (found >= 0) go(found, false);
    } else return;
    event.preventDefault();
    // Otherwise the page would react to the same key as well.
    event.stopPropagation();
  };
}
