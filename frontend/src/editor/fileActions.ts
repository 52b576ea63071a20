/** What a person can do with the file as a whole. */
import { Download, Languages } from "lucide";
import type { Action } from "../actions";
import type { RoomSession } from "../session";
import { download } from "../ui/download";
import { LANGUAGE_IDS, LANGUAGES } from "../ui/languages";

export function fileActions(session: RoomSession): Action[] {
  return [downloadAction(session), ...languageActions(session)];
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
      if (shown) session.submit({ kind: "language", file: shown.id, language: id });
    },
  }));
}
