import { useSignal, useSignalEffect } from "@preact/signals";
import { useEffect, useState } from "preact/hooks";
import { roomName } from "../address";
import { EditorCard } from "../editor/EditorCard";
import { useEditorActions } from "../editor/editorActions";
import { LazyKeyRow } from "../editor/LazyKeyRow";
import { Toasts } from "../notices/Toasts";
import { keepPage } from "../offline";
import { Announcer } from "../people/Announcer";
import { useFollowActions } from "../people/followActions";
import { Following } from "../people/following";
import { followIdentity, type Identity, loadIdentity, saveIdentity } from "../people/identity";
import { type EditorHandle, RoomSession } from "../session";
import { Missing } from "../start/Missing";
import { StatusBar } from "../status/StatusBar";
import { copyText } from "../ui/copy";
import { LazyWindows } from "./LazyWindows";
import { Overlays } from "./Overlays";
import { PhoneNav } from "./PhoneNav";
import { usePageActions } from "./pageActions";
import { Rail } from "./Rail";
import type { RoomWindow } from "./RoomWindows";
import { useRoomActions } from "./roomActions";
import { SidePanel } from "./SidePanel";
import { sideOpen } from "./side";
import { TopBar } from "./TopBar";
import { keyboardUp } from "./viewport";
import "./room.css";
import "../people/people.css";
import "./phone.css";

const TOUCH = matchMedia("(pointer: coarse)").matches;

/** One room, from its opening to leaving it. */
export function Room({ id }: { id: string }) {
  const [identity, setIdentity] = useState<Identity>(loadIdentity);
  const [session] = useState(() => new RoomSession(id, identity));
  const editor = useSignal<EditorHandle | null>(null);
  const [following] = useState(
    () => new Following(session.people, editor, (words) => session.say("info", words)),
  );
  const dialog = useSignal<RoomWindow | null>(null);
  const open = (name: typeof dialog.value) => () => {
    dialog.value = name;
  };
  const [share, profile, more, close] = [open("share"), open("profile"), open("more"), open(null)];
  useEffect(
    () => () => {
      following.close();
      session.close();
    },
    [session, following],
  );
  useQuestionBeforeLeaving(session);
  useTitle(id, session);
  useKeptPage(session);
  useRoomActions(session, { share, profile });
  useEditorActions(session, editor);
  usePageActions(session);
  useFollowActions(session, following);
  useEffect(
    () =>
      followIdentity((kept) => {
        setIdentity(kept);
        const colour = kept.chosen
          ? kept.colour
          : (session.people.peek()[0]?.colour ?? kept.colour);
        session.introduce(kept.name, colour, kept.chosen);
      }),
    [session],
  );

  if (session.phase.value === "missing") {
    const text = session.files.value.map(({ id }) => session.textOf(id)).join("\n\n");
    const copy = () => void copyText(text);
    const { value: unsaved } = session.unsaved;
    const kept = session.kept.value !== null;
    return <Missing unsaved={unsaved} kept={kept} onCopy={text ? copy : null} />;
  }

  const colour = session.people.value[0]?.colour ?? identity.colour;
  const save = (name: string, wanted: number) => {
    const chosen = identity.chosen || wanted !== colour;
    const changed = { ...identity, name, colour: wanted, chosen };
    setIdentity(changed);
    saveIdentity(changed);
    session.introduce(name, wanted, chosen);
  };
  const here = { session, following, onProfile: profile, onShare: share };
  return (
    <div class="room" data-side={sideOpen.value} data-keyboard={keyboardUp.value}>
      <TopBar id={id} {...here} />
      <Rail />
      <EditorCard session={session} editor={editor} following={following} />
      {sideOpen.value && <SidePanel {...here} />}
      <StatusBar session={session} editor={editor} />
      {TOUCH && <LazyKeyRow editor={editor} />}
      <PhoneNav session={session} onMore={more} />
      <Toasts session={session} />
      <Announcer session={session} />
      <Overlays
        session={session}
        lines={{
          count: () => editor.peek()?.lineCount() ?? 1,
          goTo: (line, column) => editor.peek()?.goToLine(line, column),
        }}
      />
      {dialog.value && (
        <LazyWindows
          open={dialog.value}
          id={id}
          session={session}
          identity={{ ...identity, colour }}
          onProfile={save}
          onClose={close}
        />
      )}
    </div>
  );
}

/** What is neither saved nor kept on this device lives in this page alone. */
function useQuestionBeforeLeaving(session: RoomSession) {
  useEffect(() => {
    const ask = (event: BeforeUnloadEvent) => {
      if (session.atRisk) event.preventDefault();
    };
    addEventListener("beforeunload", ask);
    return () => removeEventListener("beforeunload", ask);
  }, [session]);
}

/** Nothing that is typed meanwhile waits for it. */
function useKeptPage(session: RoomSession) {
  useSignalEffect(() => {
    if (session.phase.value === "open") void keepPage();
  });
}

function useTitle(id: string, session: RoomSession) {
  useSignalEffect(() => {
    const file = session.activeFile.value;
    const name = session.name.value ?? roomName(id);
    document.title = [file?.path, name, "Collab"].filter(Boolean).join(" · ");
  });
}
