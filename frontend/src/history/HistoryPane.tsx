import { useSignal } from "@preact/signals";
import { Palette, Undo2 } from "lucide";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import type { PaneProps } from "../feature";
import { isOpen } from "../frame/open";
import { PaneHead } from "../frame/PaneHead";
import { Icon } from "../ui/Icon";
import { AuthorFilter } from "./AuthorFilter";
import { DraftDialog } from "./DraftDialog";
import { HistoryRow, rowsOf } from "./HistoryRow";
import { naming } from "./naming";
import { PAST, ribbon } from "./pane";
import { RevisionPicker } from "./RevisionPicker";
import { type HistoryStore, historyOf } from "./store";
import "./history.css";

/** The versions of the room and its other events, the newest first. */
export function HistoryPane({ room, onClose }: PaneProps) {
  const store = historyOf(room);
  const { unsaved } = room.session;
  useEffect(() => {
    void store.load();
  }, []);
  // A change that was just saved may be a version of somebody else, or be newer than the last one.
  useEffect(() => {
    if (unsaved.value > 0) return;
    const timer = setTimeout(() => void store.load(), 1500);
    return () => clearTimeout(timer);
  }, [room.session.updatedAt.value, unsaved.value]);
  const rows = rowsOf(store);
  return (
    <>
      <PaneHead title="History" count={store.versions.value.length} onClose={onClose} />
      {store.mayChange.value && (
        <NameForm store={store} onLeave={() => room.editor.peek()?.focus()} />
      )}
      <div class="history-scroll">
        {store.failed.value && <p class="pane-empty">{store.failed.value}</p>}
        {!store.failed.value && rows.length === 0 && (
          <p class="pane-empty">No version has a name yet. The timeline has every moment.</p>
        )}
        <ol class="history-list">
          {rows.map((row) => (
            <HistoryRow key={`${row.kind} ${row.revision}`} store={store} row={row} />
          ))}
        </ol>
      </div>
      <div class="pane-foot history-foot">
        <button class="button" type="button" onClick={() => void store.open()}>
          Open the timeline
        </button>
        <div class="history-take">
          <button
            class="button small"
            type="button"
            aria-pressed={ribbon.value}
            onClick={() => {
              ribbon.value = !ribbon.value;
            }}
          >
            <Icon of={Palette} size={14} />
            Who wrote this
          </button>
          {ribbon.value && <AuthorFilter store={store} />}
        </div>
        {store.mayChange.value && <TakeBack store={store} />}
      </div>
      {store.draft.value && !isOpen(PAST) && (
        <DraftDialog store={store} draft={store.draft.value} />
      )}
    </>
  );
}

function NameForm({ store, onLeave }: { store: HistoryStore; onLeave(): void }) {
  const field = useRef<HTMLInputElement>(null);
  useLayoutEffect(() => {
    if (naming.value > 0) field.current?.focus();
  }, [naming.value]);
  return (
    <form
      class="history-name"
      onSubmit={async (event) => {
        event.preventDefault();
        const name = field.current?.value.trim();
        if (!name) {
          field.current?.focus();
          return;
        }
        if ((await store.name(name, store.at.peek())) && field.current) field.current.value = "";
      }}
    >
      <input
        class="input"
        ref={field}
        maxLength={60}
        aria-label="Name this version"
        onKeyDown={({ key }) => {
          if (key === "Escape") onLeave();
        }}
        placeholder={
          store.at.value === null ? "Name this version" : `Name revision ${store.at.value}`
        }
      />
      <button class="button small" type="submit">
        Name
      </button>
    </form>
  );
}

function TakeBack({ store }: { store: HistoryStore }) {
  const person = useSignal("");
  const since = useSignal<number | null>(null);
  const people = store.heat.value?.people.filter(({ name }) => name) ?? [];
  if (people.length === 0) return null;
  const chosen = people.find((one) => one.person === person.value);
  return (
    <div class="history-take">
      <select
        class="past-file"
        aria-label="Whose work is taken back"
        value={person.value}
        onChange={({ currentTarget }) => {
          person.value = currentTarget.value;
        }}
      >
        <option value="">Take back the work of…</option>
        {people.map((one) => (
          <option key={one.person} value={one.person}>
            {one.name}
          </option>
        ))}
      </select>
      {chosen && (
        <RevisionPicker
          store={store}
          label="Since"
          revision={since.value ?? store.at.value ?? 0}
          onPick={(revision) => {
            since.value = revision;
          }}
        />
      )}
      <button
        class="button small"
        type="button"
        disabled={!chosen}
        onClick={() =>
          chosen &&
          void store.takeBack(chosen.person, chosen.name, since.value ?? store.at.peek() ?? 0)
        }
      >
        <Icon of={Undo2} size={14} />
        Preview
      </button>
    </div>
  );
}
