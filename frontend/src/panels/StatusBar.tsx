import type { ReadonlySignal } from "@preact/signals";
import { ChevronDown } from "lucide";
import type { EditorHandle, Language, RoomSession } from "../session";
import { Icon } from "../ui/Icon";
import { LANGUAGE_IDS, LANGUAGES } from "../ui/languages";
import { useNow } from "../ui/useNow";
import { SuggestionItem } from "./SuggestionItem";
import { sideOpen } from "./side";
import { peopleWords, statusWords, updatedWords } from "./status";
import { TabWidth } from "./TabWidth";

interface Props {
  session: RoomSession;
  editor: ReadonlySignal<EditorHandle | null>;
}

/** The foot of a room: what is saved, who is here, where the caret is. */
export function StatusBar({ session, editor }: Props) {
  const open = session.phase.value === "open";
  return (
    <footer class="status-bar">
      <Connection session={session} />
      {open && (
        <button
          class="quiet wide-only"
          type="button"
          aria-expanded={sideOpen.value}
          onClick={() => {
            sideOpen.value = !sideOpen.value;
          }}
        >
          {peopleWords(session.people.value.length)}
        </button>
      )}
      <Updated session={session} />
      <span class="spring" />
      <Cursor editor={editor} />
      {open && <LanguagePicker session={session} />}
      {open && <SuggestionItem session={session} />}
    </footer>
  );
}

function Connection({ session }: { session: RoomSession }) {
  const link = session.link.value;
  const unsaved = session.unsaved.value;
  const now = useNow(link.state === "waiting" ? 250 : unsaved > 0 ? 1000 : null);
  const pending = { unsaved, kept: session.kept.value, since: session.savingSince.value };
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
  if (at === null) return null;
  return (
    <time class="wide-only" dateTime={new Date(at).toISOString()}>
      {updatedWords(at, now)}
    </time>
  );
}

function Cursor({ editor }: Pick<Props, "editor">) {
  const cursor = editor.value?.cursor.value;
  if (!cursor) return null;
  const { line, column, selected } = cursor;
  return (
    <>
      <span class="wide-only">
        Ln {line}, Col {column}
        {selected > 0 && ` (${selected} selected)`}
      </span>
      <TabWidth />
      <span class="wide-only">LF</span>
    </>
  );
}

function LanguagePicker({ session }: { session: RoomSession }) {
  const file = session.files.value[0];
  if (!file) return null;
  return (
    <span class="picker">
      <select
        class="quiet"
        aria-label="Language"
        value={file.language}
        onChange={(event) => session.setLanguage(file.id, event.currentTarget.value as Language)}
      >
        {LANGUAGE_IDS.map((id) => (
          <option key={id} value={id}>
            {LANGUAGES[id].name}
          </option>
        ))}
      </select>
      <Icon of={ChevronDown} size={12} />
    </span>
  );
}
