/** An edit of a file's text. */
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
  // Edits are joined, and each is of use.
  supersedes: () => false,
};

/** The end of an edit's last insertion, or its last deletion when that comes later; null for neither. */
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
