/** Keeps the caret in view when the editor becomes lower, as when a keyboard comes up after a tap. */
import type { Extension } from "@codemirror/state";
import { EditorView, ViewPlugin } from "@codemirror/view";

/** px between the caret and the edge. */
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

/** Whether the caret was in view while the editor was so high. Who has scrolled away stays there. */
function wasSeen(view: EditorView, height: number): boolean {
  const { top } = view.scrollDOM.getBoundingClientRect();
  const caret = view.coordsAtPos(view.state.selection.main.head);
  return caret !== null && caret.bottom > top && caret.top < top + height;
}

function reveal(view: EditorView): void {
  const { head } = view.state.selection.main;
  const effects = EditorView.scrollIntoView(head, { y: "nearest", yMargin: MARGIN });
  // Not now: a view that measures takes nothing.
  queueMicrotask(() => view.dispatch({ effects }));
}
