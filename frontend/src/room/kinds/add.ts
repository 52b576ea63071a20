/** The kind of change that adds a file. */
import type { Kind } from "../kind";
import { chosenLanguage } from "../languages";
import type { FileNode } from "../tree";

declare module "../kind" {
  interface Changes {
    add: {
      change: {
        kind: "add";
        file: FileId;
        name: string;
        language: Language | null;
        text: string;
        parent: string;
      };
      wire: ["add", FileId, string, Language | null, string, parent?: string];
    };
  }
}

export const add: Kind<"add"> = {
  tag: "add",
  encode: ({ file, name, language, text, parent }) => ["add", file, name, language, text, parent],
  decode: ([kind, file, name, language, text, parent = ""]) => ({
    kind,
    file,
    name,
    language,
    text,
    parent,
  }),
  fileOf: ({ file }) => file,
  commit: ({ file: id, name, language, text, parent }, room) => {
    room.put(fileNode(id, name, chosenLanguage(name, language), parent));
    room.begin(id, text);
  },
  overlay: ({ file: id, name, language, parent }, { tree }) => {
    const spot = tree.spot(id, { parent, name });
    const chosen = chosenLanguage(name, language);
    if (spot) tree.put(fileNode(id, spot.name, chosen, spot.parent));
  },
  supersedes: () => false,
  says: ({ name }, who) => `${who} added ${name}`,
};

function fileNode(id: string, name: string, chosen: FileNode["chosen"], parent: string): FileNode {
  return { kind: "file", id, name, parent, removed: false, chosen };
}
