import type { RoomContext } from "../feature";
import type { FileId } from "../link/protocol";

/** Return the editor of a file as one of two panes that scroll together. */
export function editorSide(room: RoomContext, file: FileId) {
  const handle = room.editor.peek();
  const element = handle?.file === file ? handle.scroller() : null;
  return {
    element: element ?? document.createElement("div"),
    line: () => room.editor.peek()?.topLine() ?? 0,
    goTo: (line: number) => room.editor.peek()?.scrollToLine(line),
  };
}
