/** What a person can do with a room as a whole. */

import {
  Download,
  FileDown,
  Languages,
  LogOut,
  MapPin,
  RefreshCw,
  Share2,
  UserPen,
  Users,
} from "lucide";
import { type Action, useActions } from "../actions";
import { at } from "../base";
import { say } from "../people/spoken";
import { everybodyWords } from "../people/where";
import type { RoomSession } from "../session";
import { download } from "../ui/download";
import { LANGUAGE_IDS, LANGUAGES } from "../ui/languages";
import { sideOpen } from "./side";

interface Verbs {
  share(): void;
  profile(): void;
}

export function useRoomActions(session: RoomSession, verbs: Verbs): void {
  useActions(
    () => [
      {
        id: "room.retry",
        title: "Connect now",
        section: "Room",
        icon: RefreshCw,
        words: "reconnect online retry",
        enabled: () => session.link.value.state === "waiting",
        run: () => session.retryNow(),
      },
      {
        id: "room.recovery",
        title: "Download recovery file",
        section: "Room",
        icon: FileDown,
        words: "lost unsaved refused text back",
        enabled: () => session.aside.value.length > 0,
        run: () => session.downloadRecoveryFile(),
      },
      {
        id: "room.share",
        title: "Share this room",
        section: "Room",
        icon: Share2,
        words: "invite link copy qr code",
        run: verbs.share,
      },
      {
        id: "room.leave",
        title: "Leave the room",
        section: "Room",
        icon: LogOut,
        words: "exit quit close start page",
        run: () => location.assign(at("/")),
      },
      {
        id: "people.panel",
        title: () => (sideOpen.value ? "Hide the people panel" : "Show the people panel"),
        section: "People",
        icon: Users,
        words: "who is here side",
        run: () => {
          sideOpen.value = !sideOpen.peek();
        },
      },
      {
        id: "people.where",
        title: "Where is everyone?",
        section: "People",
        icon: MapPin,
        words: "who line announce",
        run: () => {
          sideOpen.value = true;
          const live = session.link.peek().state === "live";
          say(everybodyWords(session.people.peek(), Date.now(), live));
        },
      },
      {
        id: "people.profile",
        title: "Change your name or colour",
        section: "People",
        icon: UserPen,
        words: "profile rename me color",
        run: verbs.profile,
      },
      downloadAction(session),
      ...languageActions(session),
    ],
    [session],
  );
}

function downloadAction(session: RoomSession): Action {
  const file = () => session.activeFile.value ?? undefined;
  return {
    id: "file.download",
    title: () => `Download ${file()?.path ?? "the file"}`,
    section: "File",
    icon: Download,
    words: "save export copy",
    enabled: () => file() !== undefined,
    run: () => {
      const shown = file();
      if (shown) download(shown.path.replace(/^.*\//, ""), session.textOf(shown.id));
    },
  };
}

function languageActions(session: RoomSession): Action[] {
  const file = () => session.activeFile.value ?? undefined;
  return LANGUAGE_IDS.map((id) => ({
    id: `file.language.${id}`,
    title: `Language: ${LANGUAGES[id].name}`,
    section: "File",
    icon: Languages,
    words: "syntax highlighting mode",
    enabled: () => file() !== undefined,
    checked: () => file()?.language === id,
    run: () => {
      const shown = file();
      if (shown) session.setLanguage(shown.id, id);
    },
  }));
}
