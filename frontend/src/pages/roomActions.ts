/** What a person can do with a room as a whole. */
import { Languages, LogOut, RefreshCw, UserPen, Users } from "lucide";
import { type Action, useActions } from "../actions";
import type { RoomSession } from "../session";
import { LANGUAGE_IDS, LANGUAGES } from "../ui/languages";

interface Verbs {
  people(): void;
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
        id: "room.leave",
        title: "Leave the room",
        section: "Room",
        icon: LogOut,
        words: "exit quit close start page",
        run: () => location.assign("/"),
      },
      {
        id: "people.show",
        title: "Show who is here, and the link",
        section: "People",
        icon: Users,
        words: "share invite link people",
        run: verbs.people,
      },
      {
        id: "people.profile",
        title: "Change your name or colour",
        section: "People",
        icon: UserPen,
        words: "profile rename me color",
        run: verbs.profile,
      },
      ...languageActions(session),
    ],
    [session],
  );
}

function languageActions(session: RoomSession): Action[] {
  const file = () => session.files.value[0];
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
