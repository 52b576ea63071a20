/** Comments very many lines in turns. CodeMirror's own command handles fewer lines. */
import type { EditorState, Text } from "@codemirror/state";
import type { EditorView } from "@codemirror/view";
import type { Edit } from "./edits";
import { inTurns } from "./inTurns";
import { EditsJob } from "./jobs";

/** Toggle comments on the selected lines. Returns false when the language has no line comment. */
export function toggleManyComments(view: EditorView): boolean {
  if (!signAt(view.state)) return false;
  void inTurns(view, "input.comment", (state) => new EditsJob(commentEdits(state)));
  return true;
}

/** Return the sign that starts a line comment in the language at the selection, if there is one. */
function signAt(state: EditorState): string | undefined {
  const { from } = state.selection.main;
  return state.languageDataAt<{ line?: string }>("commentTokens", from, 1)[0]?.line;
}

/**
 * Return edits that put a comment sign before all lines, at the smallest indentation among them; or
 * that remove the signs, when every line that is not empty has one.
 */
function commentEdits(state: EditorState): Edit[] {
  const sign = signAt(state) ?? "";
  const { from, to } = state.selection.main;
  const lines = filledLines(state.doc, from, to);
  const isComment = ({ text, indent }: Line) => text.startsWith(sign, indent);
  if (lines.every(isComment)) {
    return lines.map(({ start, text, indent }) => {
      const end = indent + sign.length;
      const blank = text[end] === " " ? 1 : 0;
      return { from: start + indent, to: start + end + blank, insert: "" };
    });
  }
  const least = lines.reduce(
    (least, { indent }) => Math.min(least, indent),
    Number.POSITIVE_INFINITY,
  );
  return lines.map(({ start }) => ({
    from: start + least,
    to: start + least,
    insert: `${sign} `,
  }));
}

interface Line {
  /** The offset of the line's first character. */
  start: number;
  text: string;
  indent: number;
}

/** Return the selected lines that contain more than blanks. */
function filledLines(doc: Text, from: number, to: number): Line[] {
  const lines: Line[] = [];
  const first = doc.lineAt(from);
  let start = first.from;
  for (const text of doc.iterLines(first.number)) {
    if (start >= to) break;
    const indent = text.search(/\S/);
    if (indent >= 0) lines.push({ start, text, indent });
    start += text.length + 1;
  }
  return lines;
}
