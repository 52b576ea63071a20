import { useSignal, useSignalEffect } from "@preact/signals";
import { useEffect, useState } from "preact/hooks";
import { roomName } from "../address";
import type { RoomContext } from "../feature";
import { FEATURES } from "../features";
import { loadIdentity } from "../identity";
import { keepPage } from "../offline";
import { type EditorHandle, RoomSession } from "../session";
import { Missing } from "../start/Missing";
import { copyText } from "../ui/copy";
import { Dialogs } from "./Dialogs";
import { PLACES } from "./open";
import { openPane, PanePlace } from "./PanePlace";
import { Parts } from "./Parts";
import { PhoneNav } from "./PhoneNav";
import { Rail } from "./Rail";
import { TopBar } from "./TopBar";
import { titleOfRoom, useFeatures } from "./useFeatures";
import { keyboardUp } from "./viewport";
import "../ui/dialog.css";
import "./phone.css";

/** One room, from its opening to leaving it. */
export function Room({ id }: { id: string }) {
  const editor = useSignal<EditorHandle | null>(null);
  const [room] = useState((): RoomContext => {
    const identity = loadIdentity();
    return { id, identity, editor, session: new RoomSession(id, identity), features: FEATURES };
  });
  const { session } = room;
  useEffect(() => () => session.leave(), [session]);
  useQuestionBeforeLeaving(session);
  useTitle(room);
  useKeptPage(session);
  useFeatures(room);

  if (session.phase.value === "missing") {
    const text = session.files.value.map(({ id }) => session.textOf(id)).join("\n\n");
    const copy = () => void copyText(text);
    const { value: unsaved } = session.unsaved;
    const kept = session.kept.value !== null;
    return <Missing unsaved={unsaved} kept={kept} onCopy={text ? copy : null} />;
  }

  const shown = PLACES.filter((place) => openPane(place, room));
  return (
    <div class="room" data-panes={shown.join(" ")} data-keyboard={keyboardUp.value}>
      <TopBar room={room} />
      <Rail room={room} />
      <PanePlace place="left" room={room} />
      <Parts at="main" room={room} />
      <PanePlace place="stage" room={room} />
      <PanePlace place="bottom" room={room} />
      <PanePlace place="right" room={room} />
      <Parts at="foot" room={room} />
      <PhoneNav room={room} />
      <Parts at="page" room={room} />
      <Dialogs room={room} />
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

function useTitle(room: RoomContext) {
  useSignalEffect(() => {
    const file = room.session.activeFile.value;
    const name = titleOfRoom(room) ?? roomName(room.id);
    document.title = [file?.path, name, "Collab"].filter(Boolean).join(" · ");
  });
}
