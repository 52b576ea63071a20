import { useComputed, useSignal } from "@preact/signals";
import { ChevronRight, Ellipsis, Folder } from "lucide";
import { useLayoutEffect, useRef } from "preact/hooks";
import { othersIn } from "../editor/whoIsWhere";
import type { RoomContext } from "../feature";
import { hidePane } from "../frame/open";
import { phone } from "../frame/screen";
import { onMac } from "../keys";
import { wrongName } from "../room/names";
import { commented } from "../talk/unread";
import { Badge } from "../ui/Badge";
import { CommentDot } from "../ui/CommentDot";
import { Dots } from "../ui/Dots";
import { AssetIcon } from "../ui/FileName";
import { Icon } from "../ui/Icon";
import { Visible } from "../words/Visible";
import { PANE } from "./pane";
import type { Row } from "./rows";
import { filesOf, showFile } from "./store";
import { useDrag } from "./useDrag";
import { useLongPress } from "./useLongPress";

interface Props {
  room: RoomContext;
  row: Row;
  /** The distance in CSS pixels from the top of the list. */
  top: number;
  /** Tells whether Tab reaches this row. */
  tabbable: boolean;
  rows(): readonly string[];
  onFocus(): void;
  onMenu(x: number, y: number): void;
}

/** Shows a file or folder. A click opens it; a right click or a long press opens its menu. */
export function TreeRow({ room, row, top, tabbable, rows, onFocus, onMenu }: Props) {
  const { session } = room;
  const store = filesOf(room);
  const { node, level, place, siblings, open } = row;
  const { naming, selected, selecting, target } = store;
  const renamed = naming.value?.kind === "rename" && naming.value.id === node.id;
  const others = useComputed(() => othersHere(room, node.id, open === false));
  const press = useLongPress(onMenu);
  const drag = useDrag(room, node);
  const language = store.languages.value.get(node.id) ?? "";

  const click = (event: MouseEvent) => {
    const how = event.shiftKey
      ? "range"
      : selecting.value || (onMac ? event.metaKey : event.ctrlKey)
        ? "toggle"
        : "one";
    store.select(node.id, how, rows());
    onFocus();
    if (how !== "one") return;
    if (node.kind === "folder") store.toggle(node.id);
    else {
      showFile(room, node.id);
      // On a phone the files pane covers the text that the person wants to see.
      if (phone.matches) hidePane(PANE);
    }
  };
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the tree has the keys of all its rows
    <div
      {...press}
      {...drag}
      class="tree-row"
      role="treeitem"
      data-id={node.id}
      data-active={session.tabs.active.value === node.id}
      data-target={target.value === node.id}
      aria-level={level}
      aria-posinset={place}
      aria-setsize={siblings}
      aria-selected={selected.value.has(node.id)}
      aria-expanded={open ?? undefined}
      tabIndex={tabbable ? 0 : -1}
      style={{ top: `${top}px`, "--level": level }}
      onFocus={onFocus}
      onClick={click}
      onContextMenu={(event) => {
        event.preventDefault();
        onMenu(event.clientX, event.clientY);
      }}
    >
      <RowIcon row={row} language={language} />
      {renamed ? (
        <NameField
          name={node.name}
          label={`Name of ${node.name}`}
          onEnd={(name) => {
            if (name === null) naming.value = null;
            else store.named({ kind: "rename", id: node.id }, name);
          }}
        />
      ) : (
        <span class="tree-name">
          <Visible text={node.name} />
        </span>
      )}
      <CommentDot count={commented(room).value.get(node.id) ?? 0} />
      <Dots people={others.value} />
      <button
        class="tree-more"
        type="button"
        tabIndex={-1}
        aria-label={`More about ${node.name}`}
        onClick={(event) => {
          event.stopPropagation();
          onMenu(event.clientX, event.clientY);
        }}
      >
        <Icon of={Ellipsis} />
      </button>
    </div>
  );
}

interface NewProps {
  room: RoomContext;
  row: Row;
  top: number;
}

/** Shows the row of a new node until the node has a name. */
export function NewRow({ room, row, top }: NewProps) {
  const store = filesOf(room);
  const { kind, parent } = row.node;
  return (
    // biome-ignore lint/a11y/useFocusableInteractive: the field in it has the focus
    <div
      class="tree-row"
      role="treeitem"
      aria-level={row.level}
      aria-selected={false}
      style={{ top: `${top}px`, "--level": row.level }}
    >
      <RowIcon row={row} language="" />
      <NameField
        name=""
        label={kind === "folder" ? "Name of the new folder" : "Name of the new file"}
        onEnd={(name) => {
          if (name === null) store.naming.value = null;
          else store.named({ kind: kind === "folder" ? "folder" : "file", parent }, name);
        }}
      />
    </div>
  );
}

function RowIcon({ row: { node, open }, language }: { row: Row; language: string }) {
  if (node.kind === "folder") {
    return (
      <>
        <span class="tree-twist" data-open={open}>
          <Icon of={ChevronRight} size={14} />
        </span>
        <Icon of={Folder} />
      </>
    );
  }
  return node.kind === "file" ? <Badge language={language} /> : <AssetIcon name={node.name} />;
}

/** Return the other people in a file, or in any file of a closed folder. */
function othersHere(room: RoomContext, id: string, closed: boolean) {
  const inFiles = othersIn(room.session.people.value);
  if (!closed) return inFiles.get(id) ?? [];
  const { tree } = filesOf(room);
  return [...inFiles].flatMap(([file, people]) => (tree.value.isWithin(file, id) ? people : []));
}

interface FieldProps {
  name: string;
  label: string;
  /** Called with the new name; null leaves the name as it was. */
  onEnd(name: string | null): void;
}

/** The field for a name. Enter, or leaving the field, sets the name; Escape does not. */
function NameField({ name, label, onEnd }: FieldProps) {
  const field = useRef<HTMLInputElement>(null);
  const done = useRef(false);
  const problem = useSignal<string | null>(null);
  useLayoutEffect(() => {
    field.current?.focus();
    field.current?.setSelectionRange(0, stemOf(name).length);
  }, [name]);
  const end = (written: string | null) => {
    if (done.current) return;
    done.current = true;
    onEnd(written);
  };
  const give = (): boolean => {
    const written = field.current?.value ?? "";
    problem.value = written === name ? null : wrongName(written);
    if (problem.value === null) end(written === name ? null : written);
    return problem.value === null;
  };
  return (
    <span class="tree-naming">
      <input
        ref={field}
        class="tree-field"
        aria-label={label}
        aria-invalid={problem.value !== null}
        defaultValue={name}
        autocomplete="off"
        autocapitalize="off"
        spellcheck={false}
        enterkeyhint="done"
        onInput={({ currentTarget: { value } }) => {
          // Do not complain about an unfinished name, which the person may still mend; but say at once
          // that something cannot be in a name.
          if (problem.value !== null || value !== "")
            problem.value = value ? wrongName(value) : null;
        }}
        onBlur={() => give() || end(null)}
        onClick={(event) => event.stopPropagation()}
        onKeyDown={(event) => {
          if (event.isComposing || (event.key !== "Enter" && event.key !== "Escape")) return;
          event.preventDefault();
          event.stopPropagation();
          if (event.key === "Escape") end(null);
          else give();
        }}
      />
      <span class="tree-problem" role="alert">
        {problem.value}
      </span>
    </span>
  );
}

/** Return the name without its ending, which is the part that a person wants to change. */
function stemOf(name: string): string {
  const dot = name.lastIndexOf(".");
  return dot > 0 ? name.slice(0, dot) : name;
}
