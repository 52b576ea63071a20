import { EditorSelection, type EditorState } from "@codemirror/state";
import { type Command, EditorView } from "@codemirror/view";
import { toOffset, toPosition } from "./astral";

/**
 * Return a command that puts the caret at a line and a column in code points, both counted from 1, or
 * at the nearest place.
 */
export function lineCommand(line: number, column: number): Command {
  return (view) => {
    const offset = offsetAt(view.state, line, column);
    view.dispatch({
      selection: EditorSelection.cursor(offset),
      effects: EditorView.scrollIntoView(offset, { y: "center" }),
    });
    return true;
  };
}

/** Return the offset of a line and a column in code points, both counted from 1, or the nearest offset. */
export function offsetAt(state: EditorState, line: number, column: number): number {
  const { from, to } = state.doc.line(Math.min(Math.max(line, 1), state.doc.lines));
  return Math.min(toOffset(state, toPosition(state, from) + column - 1), to);
}

/** Return a command that selects whole lines, counted from 1, as far as the text has them. */
export function linesCommand(from: number, to: number): Command {
  return (view) => {
    const { doc } = view.state;
    const first = doc.line(Math.min(from, doc.lines));
    const last = doc.line(Math.min(to, doc.lines));
    view.dispatch({
      selection: EditorSelection.range(last.to, first.from),
      effects: EditorView.scrollIntoView(first.from, { y: "center" }),
    });
    return true;
  };
}
