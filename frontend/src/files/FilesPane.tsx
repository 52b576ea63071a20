import { useSignal } from "@preact/signals";
import {
  ChevronRight,
  ChevronsDownUp,
  FilePlus,
  FolderPlus,
  Import,
  RotateCcw,
  Search,
  X,
} from "lucide";
import type { TargetedMouseEvent } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import type { PaneProps } from "../feature";
import { openDialog } from "../frame/dialogs";
import { transferMenu } from "../transfers/actions";
import { Icon } from "../ui/Icon";
import { Menu, type MenuAt } from "../ui/Menu";
import { Tip } from "../ui/Tip";
import { inOrder, removedIn } from "./removed";
import { filesOf } from "./store";
import { FileTree } from "./Tree";
import "./files.css";

/** The removed nodes that are shown at first, and by which there are more with each press. */
const MORE = 200;

/** The pane with the files and folders of the room, and those that were removed. */
export function FilesPane({ room, onClose }: PaneProps) {
  const store = filesOf(room);
  const filtering = useSignal(false);
  const menu = useSignal<MenuAt | null>(null);
  const selected = store.selected.value.size;
  return (
    <>
      <header class="pane-head files-head">
        <h2 class="label">Files</h2>
        <span class="spring" />
        <HeadButton
          icon={FilePlus}
          tip="New file"
          onPress={() => store.name({ kind: "file", parent: store.folder })}
        />
        <HeadButton
          icon={FolderPlus}
          tip="New folder"
          onPress={() => store.name({ kind: "folder", parent: store.folder })}
        />
        <HeadButton
          icon={Import}
          tip="In and out"
          onPress={({ currentTarget }) => {
            const { left, bottom } = currentTarget.getBoundingClientRect();
            menu.value = { x: left, y: bottom + 4 };
          }}
        />
        <HeadButton
          icon={Search}
          tip="Filter the files"
          pressed={filtering.value}
          onPress={() => {
            filtering.value = !filtering.value;
            store.filterBy("");
          }}
        />
        <HeadButton
          icon={ChevronsDownUp}
          tip="Close all folders"
          onPress={() => store.closeAll()}
        />
        <button
          class="icon-button wide-only"
          type="button"
          aria-label="Close the files panel"
          onClick={onClose}
        >
          <Icon of={X} />
        </button>
      </header>
      {filtering.value && (
        <Filter
          room={room}
          onEnd={() => {
            filtering.value = false;
            store.filterBy("");
          }}
        />
      )}
      {menu.value && (
        <Menu
          at={menu.value}
          label="In and out"
          items={transferMenu(room)}
          onClose={() => {
            menu.value = null;
          }}
        />
      )}
      <FileTree room={room} />
      {(selected > 1 || store.selecting.value) && (
        <div class="files-selection">
          <span role="status">{selected} selected</span>
          <span class="spring" />
          <button
            class="button small"
            type="button"
            disabled={selected === 0}
            onClick={() => openDialog("move")}
          >
            Move…
          </button>
          <button
            class="button small"
            type="button"
            disabled={selected === 0}
            onClick={() => store.remove([...store.selected.peek()])}
          >
            Remove
          </button>
          <button class="button small" type="button" onClick={() => store.unselect()}>
            Done
          </button>
        </div>
      )}
      <Removed room={room} />
    </>
  );
}

interface HeadButtonProps {
  icon: typeof X;
  tip: string;
  pressed?: boolean;
  onPress(event: TargetedMouseEvent<HTMLButtonElement>): void;
}

function HeadButton({ icon, tip, pressed, onPress }: HeadButtonProps) {
  return (
    <button class="icon-button" type="button" aria-pressed={pressed} onClick={onPress}>
      <Icon of={icon} />
      <Tip>{tip}</Tip>
    </button>
  );
}

function Filter({ room, onEnd }: Pick<PaneProps, "room"> & { onEnd(): void }) {
  const store = filesOf(room);
  const field = useRef<HTMLInputElement>(null);
  useLayoutEffect(() => field.current?.focus(), []);
  return (
    <div class="files-filter">
      <input
        class="input"
        ref={field}
        type="search"
        aria-label="Filter the files"
        placeholder="Filter"
        autocomplete="off"
        spellcheck={false}
        value={store.filter.value}
        onInput={({ currentTarget }) => store.filterBy(currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === "Escape") onEnd();
          else if (event.key === "ArrowDown") {
            document.querySelector<HTMLElement>(".tree-row[tabindex='0']")?.focus();
          } else return;
          event.preventDefault();
          event.stopPropagation();
        }}
      />
    </div>
  );
}

/** Lists the removed files and folders, which can be restored. */
function Removed({ room }: Pick<PaneProps, "room">) {
  const store = filesOf(room);
  const open = useSignal(false);
  const most = useSignal(MORE);
  const tree = store.tree.value;
  const removed = removedIn(tree);
  if (removed.length === 0) return null;
  const shown = open.value ? inOrder(tree, removed).slice(0, most.value) : [];
  return (
    <section class="files-removed" aria-label="Removed">
      <button
        class="files-removed-head"
        type="button"
        aria-expanded={open.value}
        onClick={() => {
          open.value = !open.value;
        }}
      >
        <span class="tree-twist" data-open={open.value}>
          <Icon of={ChevronRight} size={14} />
        </span>
        Removed <span class="muted">{removed.length}</span>
      </button>
      {open.value && (
        <ul>
          {shown.map(({ id, path }) => (
            <li key={id}>
              <span class="tree-name" title={path}>
                {path}
              </span>
              <button class="quiet" type="button" onClick={() => store.verbs.restore([id])}>
                <Icon of={RotateCcw} size={14} />
                Restore<span class="hidden"> {path}</span>
              </button>
            </li>
          ))}
          {removed.length > shown.length && (
            <li>
              <button
                class="quiet"
                type="button"
                onClick={() => {
                  most.value += MORE;
                }}
              >
                Show more
              </button>
            </li>
          )}
        </ul>
      )}
    </section>
  );
}
