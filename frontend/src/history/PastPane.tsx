import { GitCompare, Palette, X } from "lucide";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import type { PaneProps } from "../feature";
import { Icon } from "../ui/Icon";
import { Tip } from "../ui/Tip";
import { AuthorFilter } from "./AuthorFilter";
import { Compare } from "./Compare";
import { DraftDialog } from "./DraftDialog";
import { PastText } from "./past";
import { RestoreMenu } from "./RestoreMenu";
import { RevisionPicker } from "./RevisionPicker";
import { type HistoryStore, historyOf } from "./store";
import { Timeline } from "./Timeline";
import "./history.css";

/** The room as it was, in the place of the editor. */
export function PastPane({ room, onClose }: PaneProps) {
  const store = historyOf(room);
  const compared = store.compared.value;
  const revision = store.revision.value;
  const place = useRef<HTMLElement>(null);
  const close = () => {
    store.close();
    onClose();
    requestAnimationFrame(() => room.editor.peek()?.focus());
  };
  useEffect(() => {
    if (store.at.peek() === null && !store.compared.peek()) void store.open(store.at.peek());
    return () => store.pause();
  }, []);
  useLayoutEffect(() => place.current?.focus(), []);
  const named = store.versions.value.find((version) => version.revision === revision);
  return (
    <section
      class="past"
      aria-label="The past of the room"
      tabIndex={-1}
      ref={place}
      onKeyDown={(event) => followKey(event, store, close)}
    >
      <header class="pane-head past-head">
        <h2 class="pane-title past-title" aria-live="polite">
          {compared ? "Compare" : `${named ? `${named.name} · ` : ""}Revision ${revision}`}
        </h2>
        <span class="spring" />
        {compared ? (
          <>
            <RevisionPicker
              store={store}
              label="From"
              revision={compared.from}
              onPick={(from) => void store.compare(from, compared.to)}
            />
            <RevisionPicker
              store={store}
              label="To"
              revision={compared.to}
              onPick={(to) => void store.compare(compared.from, to)}
            />
            <button
              class="button small"
              type="button"
              onClick={() => void store.open(compared.from)}
            >
              Show the text
            </button>
          </>
        ) : (
          <>
            <button
              class="icon-button"
              type="button"
              aria-pressed={store.shown.value.coloured}
              onClick={() => {
                const { value } = store.shown;
                store.shown.value = { ...value, coloured: !value.coloured };
              }}
            >
              <Icon of={Palette} />
              <Tip>Colours of who wrote this</Tip>
            </button>
            <button class="icon-button" type="button" onClick={() => void store.compare(revision)}>
              <Icon of={GitCompare} />
              <Tip>Compare with now</Tip>
            </button>
          </>
        )}
        <button class="icon-button" type="button" aria-label="Back to now" onClick={close}>
          <Icon of={X} />
        </button>
      </header>
      {compared ? (
        <Compare key={`${compared.from} ${compared.to}`} store={store} compared={compared} />
      ) : (
        <AsItWas store={store} />
      )}
      <Timeline store={store} />
      {store.draft.value && <DraftDialog store={store} draft={store.draft.value} />}
    </section>
  );
}

function AsItWas({ store }: { store: HistoryStore }) {
  const place = useRef<HTMLDivElement>(null);
  const screen = useRef<PastText | null>(null);
  const shown = store.shown.value;
  const file = store.shownFile.value;
  useEffect(() => {
    if (!place.current) return;
    const text = new PastText(place.current, (person) => store.colourOf(person));
    screen.current = text;
    store.on(text);
    return () => {
      store.on(null);
      text.destroy();
    };
  }, []);
  useEffect(() => screen.current?.colour(shown), [shown]);
  useEffect(() => {
    void screen.current?.speak(file?.language ?? "text");
  }, [file?.id, file?.language]);
  return (
    <>
      <div class="past-bar">
        <select
          class="past-file"
          aria-label="File"
          value={file?.id ?? ""}
          onChange={({ currentTarget }) => store.show(currentTarget.value)}
        >
          {!file && <option value="">not there yet</option>}
          {store.files.value.map(({ id, path }) => (
            <option key={id} value={id}>
              {path}
            </option>
          ))}
        </select>
        <span class="spring" />
        {shown.coloured && <AuthorFilter store={store} />}
        <RestoreMenu
          store={store}
          file={file}
          selection={() => screen.current?.selection ?? null}
        />
      </div>
      <div class="past-text" ref={place} />
    </>
  );
}

const FIELDS = "dialog, select, .cm-panel, input:not([type=range])";

/** The keys of the timeline. Fields and menus keep theirs. */
function followKey(event: KeyboardEvent, store: HistoryStore, close: () => void): void {
  const { key, shiftKey, ctrlKey, metaKey, altKey, target } = event;
  if (ctrlKey || metaKey || altKey || (target as HTMLElement).closest(FIELDS)) return;
  const direction = key === "ArrowLeft" ? -1 : key === "ArrowRight" ? 1 : null;
  if (key === "Escape") close();
  else if (key === " " && !(target as HTMLElement).closest("button")) store.toggle();
  else if (direction && shiftKey) store.stepVersion(direction);
  else if (direction) void store.step(direction);
  else return;
  event.preventDefault();
  event.stopPropagation();
}
