import { useSignal, useSignalEffect } from "@preact/signals";
import { useEffect, useState } from "preact/hooks";
import { roomName } from "../address";
import type { RoomContext } from "../feature";
import { FEATURES } from "../features";
import { loadIdentity } from "../identity";
import { keepPage } from "../offline";
import { type EditorHandle, RoomSession } from "../session";
import { copyText } from "../ui/copy";
import { useLoaded } from "../ui/useLoaded";
import { Dialogs } from "./Dialogs";
import { Opening } from "./Opening";
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

  if (session.phase.value === "missing") return <Gone id={id} session={session} />;
  if (session.phase.value === "asks") return <Asks id={id} name={room.identity.name} />;
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

/** The page for a room that does not exist, with what the person here has written for it. */
function Gone({ id, session }: { id: string; session: RoomSession }) {
  const failed = useSignal(false);
  const Missing = useLoaded(
    async () => (await import("../start/pages")).Missing,
    () => {
      failed.value = true;
    },
  );
  if (!Missing) return <Opening id={id} failed={failed.value} />;
  const text = session.files.value.map(({ id }) => session.textOf(id)).join("\n\n");
  const copy = () => void copyText(text);
  const { value: unsaved } = session.unsaved;
  const kept = session.kept.value !== null;
  return <Missing unsaved={unsaved} kept={kept} onCopy={text ? copy : null} />;
}

/** The page for a room that lets in whom its owner has let in. */
function Asks({ id, name }: { id: string; name: string }) {
  const failed = useSignal(false);
  const AskToEnter = useLoaded(
    async () => (await import("../start/AskToEnter")).AskToEnter,
    () => {
      failed.value = true;
    },
  );
  if (!AskToEnter) return <Opening id={id} failed={failed.value} />;
  return <AskToEnter id={id} name={name} />;
}

/** Asks before the page is left while it has work that is neither saved nor kept on this device. */
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
    const file = room.session.activeFile.value ?? room.session.activeAsset.value;
    const name = titleOfRoom(room) ?? roomName(room.id);
    document.title = [file?.path, name, "Collab"].filter(Boolean).join(" · ");
  });
}
