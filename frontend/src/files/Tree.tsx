import { useComputed, useSignal } from "@preact/signals";
import { useLayoutEffect, useRef } from "preact/hooks";
import type { RoomContext } from "../feature";
import type { NodeId } from "../room/tree";
import { Menu, type MenuAt } from "../ui/Menu";
import { isTouch } from "../ui/touch";
import { useVirtualRows } from "../ui/virtualRows";
import { nodeMenu } from "./nodeMenu";
import { type Naming, NEW, type Row, rowsOf, withNew } from "./rows";
import { filesOf } from "./store";
import { NewRow, TreeRow } from "./TreeRow";
import { treeKeys } from "./treeKeys";
import { useDrag } from "./useDrag";

/** The height of a row in CSS pixels, as in files.css. */
const HEIGHT = isTouch() ? 44 : 28;

/** Shows the files and folders of a room as a tree. */
export function FileTree({ room }: { room: RoomContext }) {
  const { session } = room;
  const store = filesOf(room);
  const { open, filter, shut, naming, focused, selected } = store;
  const rows = useComputed(() =>
    withNew(rowsOf(store.tree.value, open.value, filter.value, shut.value), naming.value),
  );
  const menu = useSignal<(MenuAt & { id: NodeId }) | null>(null);
  /** The index of the row that had the focus last, for when that row is gone. */
  const lastAt = useRef(0);

  const all = rows.value;
  const found = all.findIndex(({ node }) => node.id === focused.value);
  const active = session.tabs.active.value;
  const fallback = all.findIndex(({ node }) => node.id === active);
  const at = found >= 0 ? found : Math.min(lastAt.current || Math.max(0, fallback), all.length - 1);
  if (found >= 0) lastAt.current = found;

  const { list, drawn, page, reveal, handlers } = useVirtualRows({
    count: all.length,
    height: HEIGHT,
    at,
    id: all[at]?.node.id,
    held: naming.value !== null || menu.value !== null,
  });
  // Keep the row in view while the person writes its name.
  const namedAt = naming.value ? all.findIndex((row) => isNamed(row, naming.value)) : -1;
  useLayoutEffect(() => {
    if (namedAt >= 0) reveal(namedAt);
  }, [namedAt]);

  const focus = (index: number) => {
    const next = all[index]?.node.id;
    if (next !== undefined) focused.value = next;
  };
  const openMenu = (id: NodeId, x: number, y: number) => {
    focused.value = id;
    if (!selected.peek().has(id)) selected.value = new Set();
    menu.value = { id, x, y };
  };
  const keys = treeKeys({
    room,
    store,
    rows: () => rows.peek(),
    at: () => at,
    page,
    focus,
    openMenu: (id) => {
      const box = list.current?.querySelector(`[data-id="${id}"]`)?.getBoundingClientRect();
      openMenu(id, (box?.left ?? 0) + 32, box?.bottom ?? 0);
    },
  });

  const drag = useDrag(room, null);
  return (
    <>
      {/* One of its rows has the focus. */}
      <div
        class="tree"
        role="tree"
        aria-label="Files"
        aria-multiselectable="true"
        ref={list}
        {...drag}
        {...handlers}
        onKeyDown={keys}
      >
        <div class="tree-rows" role="presentation" style={{ height: `${all.length * HEIGHT}px` }}>
          {drawn.map((index) => {
            const row = all[index];
            if (!row) return null;
            return row.node.id === NEW ? (
              <NewRow key="new" room={room} row={row} top={index * HEIGHT} />
            ) : (
              <TreeRow
                key={row.node.id}
                room={room}
                row={row}
                top={index * HEIGHT}
                tabbable={index === at}
                rows={() => rows.peek().map(({ node }) => node.id)}
                onFocus={() => focus(index)}
                onMenu={(x, y) => openMenu(row.node.id, x, y)}
              />
            );
          })}
        </div>
      </div>
      {menu.value && (
        <Menu
          at={menu.value}
          label="Files"
          items={nodeMenu(room)}
          onClose={() => {
            menu.value = null;
          }}
        />
      )}
    </>
  );
}

function isNamed({ node }: Row, naming: Naming | null): boolean {
  return node.id === (naming?.kind === "rename" ? naming.id : NEW);
}
