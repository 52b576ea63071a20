import { useComputed, useSignal } from "@preact/signals";
import { useLayoutEffect, useRef } from "preact/hooks";
import type { RoomContext } from "../feature";
import type { NodeId } from "../room/tree";
import { Menu, type MenuAt } from "../ui/Menu";
import { nodeMenu } from "./nodeMenu";
import { inView, type Naming, NEW, type Row, rowsOf, withNew } from "./rows";
import { filesOf } from "./store";
import { NewRow, TreeRow } from "./TreeRow";
import { treeKeys } from "./treeKeys";
import { useDrag } from "./useDrag";

/** CSS pixels, as files.css has it. */
const HEIGHT = matchMedia("(pointer: coarse)").matches ? 44 : 28;

/**
 * The files and folders of a room. Only the rows in view are drawn, and the row that has the focus,
 * which Tab reaches and from which the keys go on.
 */
export function FileTree({ room }: { room: RoomContext }) {
  const { session } = room;
  const store = filesOf(room);
  const { open, filter, naming, focused, selected } = store;
  const rows = useComputed(() =>
    withNew(rowsOf(store.tree.value, open.value, filter.value), naming.value),
  );
  const list = useRef<HTMLDivElement>(null);
  const scrolled = useSignal(0);
  const seen = useSignal(600);
  const menu = useSignal<(MenuAt & { id: NodeId }) | null>(null);
  /** Where the focused row was, for when it is gone. */
  const lastAt = useRef(0);
  const hasFocus = useRef(false);

  const all = rows.value;
  const found = all.findIndex(({ node }) => node.id === focused.value);
  const active = session.activeFile.value?.id;
  const fallback = all.findIndex(({ node }) => node.id === active);
  const at = found >= 0 ? found : Math.min(lastAt.current || Math.max(0, fallback), all.length - 1);
  if (found >= 0) lastAt.current = found;

  useLayoutEffect(() => {
    const scroller = list.current;
    if (!scroller) return;
    const measure = new ResizeObserver(() => {
      seen.value = scroller.clientHeight;
    });
    measure.observe(scroller);
    return () => measure.disconnect();
  }, [seen]);

  // The focus follows the row that the keys are about, and stays in sight.
  const focusedId = all[at]?.node.id;
  useLayoutEffect(() => {
    const scroller = list.current;
    if (!scroller || !hasFocus.current || naming.value) return;
    scrollTo(scroller, at);
    const row = scroller.querySelector<HTMLElement>(`[data-id="${focusedId}"]`);
    if (row && row !== document.activeElement && !menu.peek()) row.focus({ preventScroll: true });
  }, [at, focusedId, naming.value, menu]);
  // What is named is written in sight.
  const namedAt = naming.value ? all.findIndex((row) => isNamed(row, naming.value)) : -1;
  useLayoutEffect(() => {
    if (list.current && namedAt >= 0) scrollTo(list.current, namedAt);
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
    page: () => Math.max(1, Math.floor(seen.peek() / HEIGHT) - 1),
    focus,
    openMenu: (id) => {
      const box = list.current?.querySelector(`[data-id="${id}"]`)?.getBoundingClientRect();
      openMenu(id, (box?.left ?? 0) + 32, box?.bottom ?? 0);
    },
  });

  const drag = useDrag(room, null);
  const [first, end] = inView(all.length, HEIGHT, scrolled.value, seen.value);
  const drawn = all.slice(first, end).map((row, index) => ({ row, index: first + index }));
  const own = all[at];
  if (own && (at < first || at >= end)) drawn.push({ row: own, index: at });
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
        onScroll={({ currentTarget }) => {
          scrolled.value = currentTarget.scrollTop;
        }}
        onFocusIn={() => {
          hasFocus.current = true;
        }}
        onFocusOut={() => {
          // A row that is removed gives the focus up by itself, and the next one takes it.
          requestAnimationFrame(() => {
            const focusedNow = document.activeElement;
            if (focusedNow !== document.body) {
              hasFocus.current = list.current?.contains(focusedNow) ?? false;
            }
          });
        }}
        onKeyDown={keys}
      >
        <div class="tree-rows" role="presentation" style={{ height: `${all.length * HEIGHT}px` }}>
          {drawn.map(({ row, index }) =>
            row.node.id === NEW ? (
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
            ),
          )}
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

/** Bring a row into sight with no more scrolling than it takes. */
function scrollTo(scroller: HTMLElement, index: number): void {
  const [top, bottom] = [index * HEIGHT, (index + 1) * HEIGHT];
  if (top < scroller.scrollTop) scroller.scrollTop = top;
  else if (bottom > scroller.scrollTop + scroller.clientHeight) {
    scroller.scrollTop = bottom - scroller.clientHeight;
  }
}
