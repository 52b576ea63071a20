/** The language of a file. */
import { languageInfo } from "../../ui/languages";
import type { Kind } from "../kind";

declare module "../kind" {
  interface Changes {
    language: {
      change: { kind: "language"; file: FileId; language: Language };
      wire: ["language", FileId, Language];
    };
  }
}

export const language: Kind<"language"> = {
  tag: "language",
  encode: ({ file, language }) => ["language", file, language],
  decode: ([kind, file, language]) => ({ kind, file, language }),
  fileOf: ({ file }) => file,
  commit: ({ file, language }, room) => {
    room.file(file).language = language;
  },
  overlay: ({ file, language }, shown) => {
    for (const info of shown.files) if (info.id === file) info.language = language;
  },
  says: ({ language }, who) => `${who} changed the language to ${languageInfo(language).name}`,
};
