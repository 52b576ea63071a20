/** Lists the actions on the chosen files and folders. */
import { Copy, FilePlus, FolderInput, FolderPlus, Link, ListChecks, Pencil, Trash2 } from "lucide";
import type { RoomContext } from "../feature";
import { openDialog } from "../frame/dialogs";
import { keyLabel } from "../keys";
import { downloadItem } from "../transfers/actions";
import type { MenuItem } from "../ui/Menu";
import { copyLinkTo } from "./links";
import { filesOf } from "./store";

export function nodeMenu(room: RoomContext): MenuItem[] {
  const store = filesOf(room);
  const chosen = store.chosen;
  const [only] = chosen.length === 1 ? chosen : [];
  const ids = chosen.map(({ id }) => id);
  const item = (
    title: string,
    icon: MenuItem["icon"],
    run: () => void,
    key?: string,
  ): MenuItem => ({
    title,
    icon,
    run,
    key: key && keyLabel(key),
  });
  return [
    item("New file", FilePlus, () => store.name({ kind: "file", parent: store.folder })),
    item("New folder", FolderPlus, () => store.name({ kind: "folder", parent: store.folder })),
    ...(only
      ? [item("Rename", Pencil, () => store.name({ kind: "rename", id: only.id }), "F2")]
      : []),
    ...(ids.length > 0 ? [item("Duplicate", Copy, () => store.duplicate(chosen))] : []),
    ...(ids.length > 0 ? [item("Move to…", FolderInput, () => openDialog("move"))] : []),
    ...(only?.kind === "file"
      ? [item("Copy link", Link, () => void copyLinkTo(room, store.tree.peek().path(only.id)))]
      : []),
    ...(only ? [downloadItem(room, only)] : []),
    ...(only && !store.selecting.peek()
      ? [
          item("Select", ListChecks, () => {
            store.selecting.value = true;
            store.selected.value = new Set([only.id]);
          }),
        ]
      : []),
    ...(ids.length > 0 ? [item("Remove", Trash2, () => store.remove(ids), "Delete")] : []),
  ];
}
