/** A new file. */
import type { Kind } from "../kind";

declare module "../kind" {
  interface Changes {
    add: {
      change: { kind: "add"; file: FileId; path: string; language: Language; text: string };
      wire: ["add", FileId, string, Language, string];
    };
  }
}

export const add: Kind<"add"> = {
  tag: "add",
  encode: ({ file, path, language, text }) => ["add", file, path, language, text],
  decode: ([kind, file, path, language, text]) => ({ kind, file, path, language, text }),
  fileOf: ({ file }) => file,
  commit: ({ file: id, path, language, text }, room) => room.add({ id, path, language, text }),
};
