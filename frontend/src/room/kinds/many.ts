/** The kind of change that makes several changes in one entry: all of them, or none. */
import type { AnyKind, Kind } from "../kind";
import { UnknownChange } from "../unknown";

declare module "../kind" {
  interface Changes {
    many: {
      change: { kind: "many"; changes: Change[]; cause: Cause };
      wire: ["many", WirePart[], Cause];
    };
  }
}

/** A change on the wire; its kind knows the exact type. */
type WirePart = [string, ...unknown[]];

/** The reason why somebody changed several things at once. */
export type Cause =
  | "import"
  | "revert"
  | "undo"
  | "git"
  | "replace"
  /** The text of a revision was brought back: one node, or all. */
  | ["revert", number, string | null]
  /** A person's changes after a revision were taken back. */
  | ["undo", string, number];

/** Return the kind whose changes consist of changes of other kinds. */
export function manyOf(kinds: readonly AnyKind[]): Kind<"many"> {
  const byTag = new Map<string, AnyKind>(kinds.map((kind) => [kind.tag, kind]));
  const kindOf = (tag: string) => {
    const kind = byTag.get(tag);
    if (!kind) throw new UnknownChange(`a part of the kind ${JSON.stringify(tag)}`);
    return kind;
  };
  return {
    tag: "many",
    encode: ({ changes, cause }) => [
      "many",
      changes.map((change) => kindOf(change.kind).encode(change)),
      cause,
    ],
    decode: ([kind, changes, cause]) => ({
      kind,
      changes: changes.map((wire) => kindOf(wire[0]).decode(wire)),
      cause,
    }),
    fileOf: () => null,
    overlay: ({ changes }, shown) => {
      for (const change of changes) kindOf(change.kind).overlay?.(change, shown);
    },
    supersedes: () => false,
    says: ({ changes, cause }, who) => {
      const files = changes.length === 1 ? "a file" : `${changes.length} files`;
      if (typeof cause !== "string") {
        if (cause[0] === "revert") return `${who} restored ${files} to revision ${cause[1]}`;
        return `${who} took back somebody's changes of ${files}`;
      }
      if (cause === "import") return `${who} brought in ${files}`;
      if (cause === "undo" || cause === "revert") return `${who} took back changes of ${files}`;
      if (cause === "replace") return `${who} replaced text in ${files}`;
      return `${who} changed ${files}`;
    },
  };
}
