/** The kind of change that renames the room. */
import type { Kind } from "../room/kind";

declare module "../room/kind" {
  interface Changes {
    name: { change: { kind: "name"; name: string }; wire: ["name", string] };
  }
  interface Facts {
    /** Null until somebody names the room. */
    name: string | null;
  }
}

export const name: Kind<"name"> = {
  tag: "name",
  encode: ({ name }) => ["name", name],
  decode: ([kind, name]) => ({ kind, name }),
  fileOf: () => null,
  facts: { name: null },
  commit: ({ name }, { facts }) => {
    facts.name = name;
  },
  overlay: ({ name }, { facts }) => {
    facts.name = name;
  },
  alters: ({ name }, { facts }) => facts.name !== name,
  says: ({ name }, who) => `${who} renamed the room to “${name}”`,
};
