import { useSignal } from "@preact/signals";
import { File, Folder, House, RotateCcw, TextSelect } from "lucide";
import { Icon } from "../ui/Icon";
import { Menu, type MenuAt, type MenuItem } from "../ui/Menu";
import type { PastFile, Restore } from "./api";
import type { HistoryStore } from "./store";

interface Props {
  store: HistoryStore;
  file: Pick<PastFile, "id" | "path"> | null;
  /** Return the selection in the shown text, in code points. */
  selection(): { start: number; end: number } | null;
}

/** Brings back the selection, the file, a folder that it is in, or the room, after a preview. */
export function RestoreMenu({ store, file, selection }: Props) {
  const at = useSignal<MenuAt | null>(null);
  if (!store.mayChange.value) return null;
  return (
    <>
      <button
        class="button small"
        type="button"
        aria-haspopup="menu"
        onClick={({ currentTarget }) => {
          const { left, bottom } = currentTarget.getBoundingClientRect();
          at.value = { x: left, y: bottom + 4 };
        }}
      >
        <Icon of={RotateCcw} size={14} />
        Restore…
      </button>
      {at.value && (
        <Menu
          label="Restore"
          at={at.value}
          items={itemsOf(store, file, selection())}
          onClose={() => {
            at.value = null;
          }}
        />
      )}
    </>
  );
}

function itemsOf(
  store: HistoryStore,
  file: Props["file"],
  selection: { start: number; end: number } | null,
): MenuItem[] {
  const revision = store.revision.peek();
  const restore = (what: Omit<Restore, "revision">, name: string) => () =>
    void store.restore({ revision, ...what }, `${name}, back to revision ${revision}`);
  const items: MenuItem[] = [];
  if (file) {
    const { id, path } = file;
    if (selection) {
      const run = restore({ id, selection }, `The selection of ${path}`);
      items.push({ title: "The selection", icon: TextSelect, run });
    }
    items.push({ title: `The file ${path}`, icon: File, run: restore({ id }, path) });
    const above = path.split("/").slice(0, -1);
    for (let depth = above.length; depth > 0; depth--) {
      const folder = above.slice(0, depth).join("/");
      const run = restore({ path: folder }, `The folder ${folder}`);
      items.push({ title: `The folder ${folder}`, icon: Folder, run });
    }
  }
  items.push({ title: "The room", icon: House, run: restore({}, "The room") });
  return items;
}
