/**
 * Keeps the caret in view when the editor becomes lower, such as when an on-screen keyboard opens after
 * a tap.
 */
import type { Extension } from "@codemirror/state";
import { EditorView, ViewPlugin } from "@codemirror/view";

/** The distance in px between the caret and the edge. */
const MARGIN = 12;

export function caretAboveKeyboard(): Extension {
  return ViewPlugin.define((view) => {
    let height = view.scrollDOM.clientHeight;
    const observer = new ResizeObserver(() => {
      const before = height;
      height = view.scrollDOM.clientHeight;
      if (height < before && view.hasFocus && wasSeen(view, before)) reveal(view);
    });
    observer.observe(view.scrollDOM);
    return { destroy: () => observer.disconnect() };
  });
}

/**
 * Tell whether the caret was in view while the editor had this height. If not, the person scrolled away
 * and stays there.
 */
function wasSeen(view: EditorView, height: number): boolean {
  const { top } = view.scrollDOM.getBoundingClientRect();
  const caret = view.coordsAtPos(view.state.selection.main.head);
  return caret !== null && caret.bottom > top && caret.top < top + height;
}

function reveal(view: EditorView): void {
  const { head } = view.state.selection.main;
  const effects = EditorView.scrollIntoView(head, { y: "nearest", yMargin: MARGIN });
  // Dispatch later: a view that is measuring accepts no dispatch.
  queueMicrotask(() => view.dispatch({ effects }));
}
