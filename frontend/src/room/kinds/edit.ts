/** The kind of change that edits a file's text. */
import { type Component, codePoints, Operation } from "../../ot";
import type { Kind } from "../kind";

declare module "../kind" {
  interface Changes {
    edit: {
      change: { kind: "edit"; file: FileId; operation: Operation };
      wire: ["edit", FileId, Component[]];
    };
  }
}

export const edit: Kind<"edit"> = {
  tag: "edit",
  encode: ({ file, operation }) => ["edit", file, operation.encode()],
  decode: ([kind, file, components]) => ({ kind, file, operation: Operation.decode(components) }),
  fileOf: ({ file }) => file,
  caret: ({ operation }) => endOf(operation),
  // Edits are joined instead, and none of them is needless.
  supersedes: () => false,
};

/**
 * Return the end of an edit's last insertion, or of its last deletion when that comes later; null when
 * it has neither.
 */
function endOf(operation: Operation): number | null {
  let end: number | null = null;
  let position = 0;
  for (const component of operation.components) {
    if (typeof component === "string") {
      position += codePoints(component);
      end = position;
    } else if (component < 0) end = position;
    else position += component;
  }
  return end;
}
