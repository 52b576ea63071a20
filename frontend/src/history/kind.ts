/** The kind of change that names a revision. It leaves the room as it is. */
import type { Kind } from "../room/kind";

declare module "../room/kind" {
  interface Changes {
    version: {
      /** Without a revision, the change names the one before its entry. */
      change: { kind: "version"; name: string; revision: number | null };
      wire: ["version", string, (number | null)?];
    };
  }
}

export const version: Kind<"version"> = {
  tag: "version",
  encode: ({ name, revision }) => ["version", name, revision],
  decode: ([kind, name, revision = null]) => ({ kind, name, revision }),
  fileOf: () => null,
  supersedes: () => false,
  says: ({ name }, who) => `${who} named a version “${name}”`,
};
