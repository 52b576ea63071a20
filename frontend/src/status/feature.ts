import { FileDown, RefreshCw, Save } from "lucide";
import type { Feature } from "../feature";
import type { RoomSession } from "../session";
import { LinkPill } from "./LinkPill";
import { StatusBar } from "./StatusBar";
import { statusWords } from "./status";
import "./status.css";

/** The status bar, and the actions about saving and about the connection. */
export const status: Feature = {
  id: "status",
  parts: { pill: LinkPill, foot: StatusBar },
  actions: ({ session }) => [
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
      id: "file.save",
      title: "Save",
      section: "File",
      icon: Save,
      words: "saved automatically",
      run: () => session.say("info", savedWords(session)),
    },
  ],
};

/** Everything is saved by itself, so Save only tells whether everything is saved. */
function savedWords(session: RoomSession): string {
  const { link, unsaved, kept, phase } = session;
  const pending = { unsaved: unsaved.peek(), kept: kept.peek() };
  const { text } = statusWords(link.peek(), pending, phase.peek(), Date.now());
  if (text === "Saved") return "Saved. Every change is saved by itself.";
  return `${text}${/[.…]$/.test(text) ? "" : "."} Changes are saved by themselves as soon as that is possible.`;
}
