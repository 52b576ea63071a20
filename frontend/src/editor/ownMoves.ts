/** Tells when the person here types, moves the caret or scrolls: not what others do, nor the page for them. */
import type { Extension } from "@codemirror/state";
import { EditorView } from "@codemirror/view";
import { isLocalEdit } from "./collab";

export function ownMoves(moved: () => void): Extension {
  // A scroll event does not tell who scrolled, so it is what people scroll with that counts.
  const scrolled = () => {
    moved();
    return false;
  };
  return [
    EditorView.updateListener.of(({ transactions }) => {
      if (transactions.some((one) => one.selection !== undefined || isLocalEdit(one))) moved();
    }),
    EditorView.domEventObservers({ wheel: scrolled, touchmove: scrolled, pointerdown: scrolled }),
  ];
}
