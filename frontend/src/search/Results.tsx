import { ChevronRight, Replace, X } from "lucide";
import { useLayoutEffect, useRef } from "preact/hooks";
import type { RoomContext } from "../feature";
import { onMac } from "../keys";
import { Badge } from "../ui/Badge";
import { Icon } from "../ui/Icon";
import { isTouch } from "../ui/touch";
import { useVirtualRows } from "../ui/virtualRows";
import type { Match } from "./api";
import { goTo } from "./doing";
import type { Row } from "./found";
import { utf16 } from "./place";
import { type SearchStore, searchOf } from "./store";

/** The height of a row in CSS pixels, as in search.css. */
const HEIGHT = isTouch() ? 44 : 26;

/**
 * The most characters of a line that are shown before a match, so that the match is visible in a narrow
 * pane.
 */
const LEAD = 12;

/** Shows the files found, and the matches in each. */
export function Results({ room }: { room: RoomContext }) {
  const store = searchOf(room);
  const rows = store.rows.value;
  const lastAt = useRef(0);
  const found = rows.findIndex(({ id }) => id === store.focused.value);
  const at = found >= 0 ? found : Math.min(lastAt.current, rows.length - 1);
  lastAt.current = Math.max(0, at);
  const { list, drawn, page, reveal, handlers } = useVirtualRows({
    count: rows.length,
    height: HEIGHT,
    at,
    id: rows[at]?.id,
    held: false,
  });
  // Keep the chosen row in sight also when the person moves from result to result in the editor.
  const chosen = found >= 0 ? found : null;
  useLayoutEffect(() => {
    if (chosen !== null) reveal(chosen);
  }, [chosen]);
  const focus = (index: number) => {
    const row = rows[Math.max(0, Math.min(index, rows.length - 1))];
    if (row) store.focused.value = row.id;
  };
  const act: Record<string, (row: Row) => void> = {
    ArrowDown: () => focus(at + 1),
    ArrowUp: () => focus(at - 1),
    PageDown: () => focus(at + page()),
    PageUp: () => focus(at - page()),
    Home: () => focus(0),
    End: () => focus(rows.length - 1),
    ArrowRight: ({ file, match }) => {
      if (match || store.closed.peek().has(file.id)) store.toggle(file.id, true);
      else focus(at + 1);
    },
    ArrowLeft: ({ file, match, place }) => {
      if (match) focus(at - place);
      else store.toggle(file.id, false);
    },
    Enter: (row) => press(room, row),
    " ": (row) => press(room, row),
    Delete: (row) => store.leaveOut(row),
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const row = rows[at];
    const mod = onMac ? event.metaKey : event.ctrlKey;
    const key = onMac && event.key === "Backspace" ? "Delete" : event.key;
    if (!row || event.target instanceof HTMLButtonElement) return;
    if (mod && key === "Enter" && store.replaces.peek()) replaceRow(store, row);
    else if (mod || event.altKey || event.shiftKey) return;
    else if (act[key]) act[key](row);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div
      class="search-results"
      role="tree"
      aria-label="Results"
      aria-busy={store.busy.value}
      ref={list}
      {...handlers}
      onKeyDown={onKeyDown}
    >
      <div class="tree-rows" role="presentation" style={{ height: `${rows.length * HEIGHT}px` }}>
        {drawn.map((index) => {
          const row = rows[index];
          return (
            row && (
              <ResultRow
                key={row.id}
                room={room}
                row={row}
                top={index * HEIGHT}
                tabbable={index === at}
                onFocus={() => focus(index)}
              />
            )
          );
        })}
      </div>
    </div>
  );
}

function press(room: RoomContext, row: Row): void {
  if (row.match) goTo(room, row);
  else searchOf(room).toggle(row.file.id);
}

function replaceRow(store: SearchStore, { file, match }: Row): void {
  void store.replace([match ? { ...file, matches: [match] } : file]);
}

interface RowProps {
  room: RoomContext;
  row: Row;
  /** The distance in CSS pixels from the top of the list. */
  top: number;
  /** Tells whether Tab reaches this row. */
  tabbable: boolean;
  onFocus(): void;
}

function ResultRow({ room, row, top, tabbable, onFocus }: RowProps) {
  const store = searchOf(room);
  const { id, file, match, place, siblings } = row;
  const what = match ? "match" : "file";
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the tree has the keys of all its rows
    <div
      class={`search-row search-${what}`}
      role="treeitem"
      data-id={id}
      aria-level={match ? 2 : 1}
      aria-posinset={place}
      aria-setsize={siblings}
      aria-expanded={match ? undefined : !store.closed.value.has(file.id)}
      aria-selected={store.focused.value === id}
      tabIndex={tabbable ? 0 : -1}
      style={{ top: `${top}px` }}
      onFocus={onFocus}
      onClick={() => {
        onFocus();
        press(room, row);
      }}
    >
      {match ? (
        <Excerpt match={match} replaces={store.replaces.value} />
      ) : (
        <FileRow room={room} row={row} />
      )}
      <span class="search-row-actions">
        {store.replaces.value && (
          <RowButton
            icon={Replace}
            label={match ? "Replace this" : "Replace in this file"}
            disabled={store.busy.value}
            onPress={() => replaceRow(store, row)}
          />
        )}
        <RowButton icon={X} label={`Leave out this ${what}`} onPress={() => store.leaveOut(row)} />
      </span>
    </div>
  );
}

function FileRow({ room, row: { file } }: Pick<RowProps, "room" | "row">) {
  const closed = searchOf(room).closed.value.has(file.id);
  const slash = file.path.lastIndexOf("/");
  const language = room.session.files.value.find(({ id }) => id === file.id)?.language ?? "";
  return (
    <>
      <span class="tree-twist" data-open={!closed}>
        <Icon of={ChevronRight} size={14} />
      </span>
      <Badge language={language} />
      <span class="search-path" title={file.path}>
        {file.path.slice(slash + 1)}
        {slash > 0 && <span class="muted"> {file.path.slice(0, slash)}</span>}
      </span>
      <span class="search-count">
        {file.matches.length}
        <span class="hidden"> {file.matches.length === 1 ? "match" : "matches"}</span>
      </span>
    </>
  );
}

/** Shows the part of a line with a match, with the match marked and its replacement beside it. */
function Excerpt({ match, replaces }: { match: Match; replaces: boolean }) {
  const { excerpt, marked, marked_end, line, replacement } = match;
  const [from, to] = utf16(excerpt, [marked, marked_end]);
  const found = excerpt.slice(from, to) || "⏎";
  return (
    <span class="search-excerpt" title={`Line ${line}`}>
      {from > LEAD ? `…${excerpt.slice(from - LEAD, from)}` : excerpt.slice(0, from)}
      {replaces && replacement !== null ? (
        <>
          <del>{found}</del>
          <ins>{replacement}</ins>
        </>
      ) : (
        <mark>{found}</mark>
      )}
      {excerpt.slice(to)}
    </span>
  );
}

interface RowButtonProps {
  icon: typeof X;
  label: string;
  disabled?: boolean;
  onPress(): void;
}

function RowButton({ icon, label, disabled, onPress }: RowButtonProps) {
  return (
    <button
      class="search-row-button"
      type="button"
      tabIndex={-1}
      title={label}
      aria-label={label}
      aria-disabled={disabled}
      onClick={(event) => {
        event.stopPropagation();
        onPress();
      }}
    >
      <Icon of={icon} size={14} />
    </button>
  );
}
