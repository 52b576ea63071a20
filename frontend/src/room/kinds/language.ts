/** The kind of change that chooses the language of a file. */
import { languageName } from "../../ui/languages";
import type { Kind } from "../kind";

declare module "../kind" {
  interface Changes {
    language: {
      /** Null lets the file's name decide the language. */
      change: { kind: "language"; file: FileId; language: Language | null };
      wire: ["language", FileId, Language | null];
    };
  }
}

export const language: Kind<"language"> = {
  tag: "language",
  encode: ({ file, language }) => ["language", file, language],
  decode: ([kind, file, language]) => ({ kind, file, language }),
  fileOf: ({ file }) => file,
  commit: ({ file, language: chosen }, room) => {
    const node = room.node(file);
    if (node.kind === "file") room.put({ ...node, chosen });
  },
  overlay: ({ file, language: chosen }, { tree }) => {
    const node = tree.get(file);
    if (node?.kind === "file") tree.put({ ...node, chosen });
  },
  alters: ({ file, language }, { tree }) => {
    const node = tree.get(file);
    return node?.kind === "file" && node.chosen !== language;
  },
  says: ({ language }, who) =>
    language === null
      ? `${who} let the language follow from the name`
      : `${who} changed the language to ${languageName(language)}`,
};
