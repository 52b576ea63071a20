import { useComputed } from "@preact/signals";
import { X } from "lucide";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { register } from "../actions";
import type { RoomContext } from "../feature";
import type { FileInfo } from "../link/protocol";
import { commented } from "../talk/unread";
import { CommentDot } from "../ui/CommentDot";
import { Dots } from "../ui/Dots";
import { FileName } from "../ui/FileName";
import { Icon } from "../ui/Icon";
import { tabActions } from "./tabActions";
import { tabNames } from "./tabNames";
import { othersIn } from "./whoIsWhere";

const DRAGGED = "application/x-collab-tab";

/** The tabs of the open files. Arrow keys move between tabs; Delete and the middle button close one. */
export function Tabs({ room }: { room: RoomContext }) {
  const { session } = room;
  const files = session.openFiles.value;
  const active = session.tabs.active.value;
  const names = tabNames(files.map(({ path }) => path));
  const others = useComputed(() => othersIn(session.people.value));
  const list = useRef<HTMLDivElement>(null);
  const refocus = useRef(false);
  useEffect(() => register(tabActions(session)), [session]);

  useLayoutEffect(() => {
    const shown = list.current?.querySelector<HTMLElement>("[aria-selected=true]");
    shown?.parentElement?.scrollIntoView({ block: "nearest", inline: "nearest" });
    if (refocus.current) shown?.focus();
    refocus.current = false;
  }, [active]);

  const press = (event: KeyboardEvent, index: number) => {
    const to = {
      ArrowLeft: (index - 1 + files.length) % files.length,
      ArrowRight: (index + 1) % files.length,
      Home: 0,
      End: files.length - 1,
    }[event.key];
    const file = files[index];
    const next = to === undefined ? undefined : files[to];
    if (next && file && event.altKey && event.shiftKey) session.tabs.move(file.id, to ?? 0);
    else if (next && !event.altKey && !event.ctrlKey && !event.metaKey) {
      refocus.current = true;
      session.open(next.id);
    } else if (event.key === "Delete" && file) {
      refocus.current = true;
      session.close(file.id);
    } else return;
    event.preventDefault();
  };

  return (
    <div class="tab-list" role="tablist" aria-label="Open files" ref={list}>
      {files.map((file, index) => (
        <Tab
          key={file.id}
          file={file}
          name={names[index] ?? file.path}
          active={file.id === active}
          others={others.value.get(file.id) ?? []}
          comments={commented(room).value.get(file.id) ?? 0}
          onShow={() => {
            if (file.id === active) room.editor.peek()?.focus();
            else session.open(file.id);
          }}
          onClose={() => session.close(file.id)}
          onKey={(event) => press(event, index)}
          onDrop={(id) => session.tabs.move(id, index)}
        />
      ))}
    </div>
  );
}

interface TabProps {
  file: FileInfo;
  name: string;
  active: boolean;
  others: Parameters<typeof Dots>[0]["people"];
  /** The number of open threads of comments. */
  comments: number;
  onShow(): void;
  onClose(): void;
  onKey(event: KeyboardEvent): void;
  /** Called when the person drops another tab onto this tab's place. */
  onDrop(file: string): void;
}

function Tab({ file, name, active, others, comments, onShow, onClose, onKey, onDrop }: TabProps) {
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: a mouse drags and closes here; keys do so on the tab in it.
    <div
      class="tab"
      role="presentation"
      data-active={active}
      draggable
      onDragStart={(event) => event.dataTransfer?.setData(DRAGGED, file.id)}
      onDragOver={(event) => {
        if (event.dataTransfer?.types.includes(DRAGGED)) event.preventDefault();
      }}
      onDrop={(event) => {
        const dragged = event.dataTransfer?.getData(DRAGGED);
        if (!dragged) return;
        event.preventDefault();
        onDrop(dragged);
      }}
      onMouseDown={(event) => {
        // By default the middle button would start scrolling.
        if (event.button === 1) event.preventDefault();
      }}
      onAuxClick={(event) => {
        if (event.button === 1) onClose();
      }}
    >
      <button
        class="tab-name"
        type="button"
        role="tab"
        aria-selected={active}
        aria-keyshortcuts="Delete"
        tabIndex={active ? 0 : -1}
        title={file.path}
        onClick={({ currentTarget, detail }) => {
          // A click means the text, so the tab gives up the focus; a key press keeps the focus among
          // the tabs.
          if (detail > 0) currentTarget.blur();
          onShow();
        }}
        onKeyDown={onKey}
      >
        <FileName path={name} language={file.language} />
        <CommentDot count={comments} />
        <Dots people={others} />
      </button>
      {/* With the keyboard, Delete does the same. */}
      <span class="tab-close" aria-hidden="true" title={`Close ${name}`} onClick={onClose}>
        <Icon of={X} size={14} />
      </span>
    </div>
  );
}
