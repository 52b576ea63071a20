/**
 * Commands that change the selected lines. When the lines are very many, the commands load code that
 * works in turns.
 */
import { toggleComment } from "@codemirror/commands";
import type { EditorState, StateCommand } from "@codemirror/state";
import type { Command, EditorView } from "@codemirror/view";

/** The number of lines that CodeMirror changes within a frame. */
const MOST_LINES = 500;

export function lineByLine(command: StateCommand, userEvent: string): Command {
  return inParts(command, async (view) => {
    (await import("./jobs")).changeLines(view, command, userEvent);
  });
}

export const toggleComments = inParts(toggleComment, async (view) => {
  if (!(await import("./comment")).toggleManyComments(view)) toggleComment(view);
});

function inParts(command: StateCommand, parts: (view: EditorView) => Promise<void>): Command {
  return (view) => {
    if (!hasManyLines(view.state)) return command(view);
    // If that code cannot be fetched, change all lines in one go.
    parts(view).catch(() => command(view));
    return true;
  };
}

function hasManyLines({ doc, readOnly, selection }: EditorState): boolean {
  const { from, to } = selection.main;
  const lines = doc.lineAt(to).number - doc.lineAt(from).number;
  return !readOnly && selection.ranges.length === 1 && lines >= MOST_LINES;
}
