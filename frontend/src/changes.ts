/** Every kind of change: how it travels, which file it is about, where it leaves its author's caret. */
import { type Component, codePoints, Operation } from "./ot";

export type FileId = string;
export type Language = "python" | "javascript" | "typescript";

export type Change =
  | { kind: "edit"; file: FileId; operation: Operation }
  | { kind: "language"; file: FileId; language: Language }
  | { kind: "add"; file: FileId; path: string; language: Language; text: string }
  | { kind: "name"; name: string };

export type WireChange =
  | ["edit", FileId, Component[]]
  | ["language", FileId, Language]
  | ["add", FileId, string, Language, string]
  | ["name", string];

type Name = Change["kind"];
type Of<K extends Name> = Extract<Change, { kind: K }>;
type WireOf<K extends Name> = Extract<WireChange, [K, ...unknown[]]>;

interface Kind<K extends Name> {
  encode(change: Of<K>): WireOf<K>;
  /** Throws OperationError for what is no operation. */
  decode(wire: WireOf<K>): Of<K>;
  /** The file that a change is about; null where it is about the room. */
  file(change: Of<K>): FileId | null;
  /** The position in that file where a change leaves its author's caret; null where it does not move it. */
  caret?(change: Of<K>): number | null;
}

/** `collab.room.kinds` of the server has the same ones: both run `tests/vectors/changes.json`. */
export const KINDS: { readonly [K in Name]: Kind<K> } = {
  add: {
    encode: ({ file, path, language, text }) => ["add", file, path, language, text],
    decode: ([kind, file, path, language, text]) => ({ kind, file, path, language, text }),
    file: ({ file }) => file,
  },
  edit: {
    encode: ({ file, operation }) => ["edit", file, operation.encode()],
    decode: ([kind, file, components]) => ({
      kind,
      file,
      operation: Operation.decode(components),
    }),
    file: ({ file }) => file,
    caret: ({ operation }) => endOf(operation),
  },
  language: {
    encode: ({ file, language }) => ["language", file, language],
    decode: ([kind, file, language]) => ({ kind, file, language }),
    file: ({ file }) => file,
  },
  name: {
    encode: ({ name }) => ["name", name],
    decode: ([kind, name]) => ({ kind, name }),
    file: () => null,
  },
};

/** A room has a change that this version of the page cannot read. */
export class UnknownChange extends Error {
  override name = "UnknownChange";
}

export function encodeChange(change: Change): WireChange {
  return kindOf(change.kind).encode(change);
}

/** Throws UnknownChange, and OperationError for what is no operation. */
export function decodeChange(wire: WireChange): Change {
  if (!Object.hasOwn(KINDS, wire[0])) {
    throw new UnknownChange(`a change of the kind ${JSON.stringify(wire[0])}`);
  }
  return kindOf(wire[0]).decode(wire);
}

export function fileOf(change: Change): FileId | null {
  return kindOf(change.kind).file(change);
}

/** See `Kind.caret`. */
export function caretAfter(change: Change): number | null {
  return kindOf(change.kind).caret?.(change) ?? null;
}

/** The compiler cannot know that the kind of a change is the kind it is looked up by. */
function kindOf(name: Name): Kind<Name> {
  return KINDS[name] as unknown as Kind<Name>;
}

/** The end of an edit's last insertion, or its last deletion when that comes later; null for neither. */
function endOf(edit: Operation): number | null {
  let end: number | null = null;
  let position = 0;
  for (const component of edit.components) {
    if (typeof component === "string") {
      position += codePoints(component);
      end = position;
    } else if (component < 0) end = position;
    else position += component;
  }
  return end;
}
