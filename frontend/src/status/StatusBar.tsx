import type { ReadonlySignal } from "@preact/signals";
import { useEffect, useState } from "preact/hooks";
import type { RoomContext } from "../feature";
import { openDialog } from "../frame/dialogs";
import { Parts } from "../frame/Parts";
import type { EditorHandle, RoomSession } from "../session";
import { languageName } from "../ui/languages";
import { useNow } from "../ui/useNow";
import { SuggestionItem } from "./SuggestionItem";
import { savingWord } from "./saving";
import { statusWords, updatedWords } from "./status";

/** The status bar of a room: whether all is saved, the people here, the place of the caret. */
export function StatusBar({ room }: { room: RoomContext }) {
  const { session, editor } = room;
  const open = session.phase.value === "open";
  return (
    <footer class="status-bar">
      <Connection session={session} />
      {/* All appear at once, so that none moves another. */}
      {open && session.activeAsset.value && <Updated session={session} />}
      {open && session.activeFile.value && (
        <>
          <Updated session={session} />
          <Parts at="status" room={room} />
          <Cursor editor={editor} />
          <Parts at="file" room={room} />
          <span class="status-lf wide-only">LF</span>
          <LanguageItem session={session} />
          <SuggestionItem session={session} />
        </>
      )}
    </footer>
  );
}

function Connection({ session }: { session: RoomSession }) {
  const link = session.link.value;
  const unsaved = session.unsaved.value;
  const now = useNow(link.state === "waiting" ? 250 : unsaved > 0 ? 1000 : null);
  const [saving] = useState(() => savingWord(session.unsaved));
  useEffect(() => saving.stop, [saving]);
  const pending = {
    unsaved,
    kept: session.kept.value,
    since: session.savingSince.value,
    word: saving.word.value,
  };
  const { tone, text, action } = statusWords(link, pending, session.phase.value, now);
  return (
    <span class="connection" data-tone={tone}>
      <span class="dot" />
      {text}
      {action === "retry" && (
        <button class="link" type="button" onClick={() => session.retryNow()}>
          Try now
        </button>
      )}
      {action === "reload" && (
        <button class="link" type="button" onClick={() => location.reload()}>
          Reload
        </button>
      )}
    </span>
  );
}

function Updated({ session }: { session: RoomSession }) {
  const now = useNow(60_000);
  const at = session.updatedAt.value;
  if (at === null) return <span class="status-updated wide-only" />;
  return (
    <time class="status-updated wide-only" dateTime={new Date(at).toISOString()}>
      {updatedWords(at, now)}
    </time>
  );
}

const START = { line: 1, column: 1, selected: 0 };

function Cursor({ editor }: { editor: ReadonlySignal<EditorHandle | null> }) {
  const { line, column, selected } = editor.value?.cursor.value ?? START;
  return (
    <>
      <span class="status-selected wide-only">{selected > 0 && `(${selected} selected)`}</span>
      <span class="status-cursor wide-only">
        Ln {line}, Col {column}
      </span>
    </>
  );
}

function LanguageItem({ session }: { session: RoomSession }) {
  const name = languageName(session.activeFile.value?.language ?? "");
  return (
    <button
      class="quiet status-language"
      type="button"
      aria-label={`Language: ${name}`}
      onClick={() => openDialog("language")}
    >
      {name}
    </button>
  );
}
