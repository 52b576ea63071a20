/**
 * Reports when the person here types, moves the caret or scrolls. Ignores what others do and what the
 * page does for them.
 */
import type { Extension } from "@codemirror/state";
import { EditorView } from "@codemirror/view";
import { isRemote } from "./collab";

export function ownMoves(moved: () => void): Extension {
  // A scroll event does not say who scrolled, so listen to the inputs that people scroll with.
  const scrolled = () => {
    moved();
    return false;
  };
  return [
    EditorView.updateListener.of(({ transactions }) => {
      const own = transactions.filter((one) => !isRemote(one));
      if (own.some((one) => one.selection !== undefined || one.docChanged)) moved();
    }),
    EditorView.domEventObservers({ wheel: scrolled, touchmove: scrolled, pointerdown: scrolled }),
  ];
}
