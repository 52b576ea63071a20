/** Lists the actions on the file as a whole. */
import { Download, Languages } from "lucide";
import type { Action } from "../actions";
import { openDialog } from "../frame/dialogs";
import type { RoomSession } from "../session";
import { download } from "../ui/download";

export function fileActions(session: RoomSession): Action[] {
  return [downloadAction(session), languageAction(session)];
}

function downloadAction(session: RoomSession): Action {
  const file = () => session.activeFile.value ?? undefined;
  return {
    id: "file.download",
    title: () => `Download ${file()?.path ?? "the file"}`,
    section: "File",
    icon: Download,
    words: "save export copy",
    more: 4,
    enabled: () => session.here.value.has(file()?.id ?? ""),
    run: () => {
      const shown = file();
      if (shown) download(shown.path.replace(/^.*\//, ""), session.textOf(shown.id));
    },
  };
}

function languageAction(session: RoomSession): Action {
  return {
    id: "file.language",
    title: "Change the language…",
    section: "File",
    icon: Languages,
    words: "syntax highlighting mode colours",
    enabled: () => session.activeFile.value !== null,
    run: () => openDialog("language"),
  };
}
