import { useSignal, useSignalEffect } from "@preact/signals";
import { useEffect, useState } from "preact/hooks";
import { type Identity, loadIdentity, saveIdentity } from "../identity";
import { Announcer } from "../panels/Announcer";
import { EditorCard } from "../panels/EditorCard";
import { ProfileDialog } from "../panels/ProfileDialog";
import { RoomDialog } from "../panels/RoomDialog";
import { StatusBar } from "../panels/StatusBar";
import { Toasts } from "../panels/Toasts";
import { TopBar } from "../panels/TopBar";
import { type EditorHandle, RoomSession } from "../session";
import { roomName } from "./address";
import { Missing } from "./Missing";
import { useRoomActions } from "./roomActions";
import "../styles/room.css";

/** One room, from its opening to leaving it. */
export function Room({ id }: { id: string }) {
  const [identity, setIdentity] = useState<Identity>(loadIdentity);
  const [session] = useState(() => new RoomSession(id, identity));
  const editor = useSignal<EditorHandle | null>(null);
  const dialog = useSignal<"people" | "profile" | null>(null);
  useEffect(() => () => session.close(), [session]);
  useQuestionBeforeLeaving(session);
  useTitle(id, session);
  const showPeople = () => {
    dialog.value = "people";
  };
  const showProfile = () => {
    dialog.value = "profile";
  };
  useRoomActions(session, { people: showPeople, profile: showProfile });

  if (session.phase.value === "missing") return <Missing />;

  const closeDialog = () => {
    dialog.value = null;
  };
  const save = (name: string, colour: number) => {
    const changed = { ...identity, name, colour };
    setIdentity(changed);
    saveIdentity(changed);
    session.setName(name);
    session.setColour(colour);
  };
  return (
    <div class="room">
      <TopBar
        id={id}
        session={session}
        editor={editor}
        onPeople={showPeople}
        onProfile={showProfile}
      />
      <EditorCard session={session} editor={editor} />
      <StatusBar session={session} editor={editor} onPeople={showPeople} />
      <Toasts session={session} />
      <Announcer session={session} />
      {dialog.value === "people" && (
        <RoomDialog
          session={session}
          editor={editor}
          onClose={closeDialog}
          onProfile={showProfile}
        />
      )}
      {dialog.value === "profile" && (
        <ProfileDialog identity={identity} onSave={save} onClose={closeDialog} />
      )}
    </div>
  );
}

/** What nobody has acknowledged lives in this page alone. */
function useQuestionBeforeLeaving(session: RoomSession) {
  useEffect(() => {
    const ask = (event: BeforeUnloadEvent) => {
      if (session.unsaved.value > 0) event.preventDefault();
    };
    addEventListener("beforeunload", ask);
    return () => removeEventListener("beforeunload", ask);
  }, [session]);
}

function useTitle(id: string, session: RoomSession) {
  useSignalEffect(() => {
    const file = session.files.value[0];
    const name = session.name.value ?? roomName(id);
    document.title = [file?.path, name, "Collab"].filter(Boolean).join(" · ");
  });
}
