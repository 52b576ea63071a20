/** Adds the next occurrence of the selected text to the selection. */
import { selectNextOccurrence as atOnce } from "@codemirror/search";
import { EditorSelection, type EditorState } from "@codemirror/state";
import { type Command, EditorView } from "@codemirror/view";
import { SHORT } from "./seek";

const IN_WORD = /[\p{L}\p{N}_]/u;

/**
 * Do what CodeMirror's command of this name does. CodeMirror compares letter by letter; the browser's
 * own search is a hundred times as fast in a long text.
 */
export const selectNextOccurrence: Command = (view) => {
  const { state } = view;
  const { ranges } = state.selection;
  if (state.doc.length < SHORT || ranges.some(({ empty }) => empty)) return atOnce(view);
  const [text = ""] = ranges.map(({ from, to }) => state.sliceDoc(from, to));
  if (ranges.some(({ from, to }) => state.sliceDoc(from, to) !== text)) return false;
  const from = nextOf(state, text);
  if (from === null) return false;
  const to = from + text.length;
  view.dispatch({
    selection: state.selection.addRange(EditorSelection.range(from, to), false),
    effects: EditorView.scrollIntoView(to),
  });
  return true;
};

/**
 * Return the offset of the next occurrence. The search continues from the start of the text after its
 * end.
 */
function nextOf(state: EditorState, text: string): number | null {
  const { main, ranges } = state.selection;
  const all = state.doc.toString();
  const last = ranges[ranges.length - 1]?.to ?? 0;
  const isWord = (from: number) => {
    const word = state.wordAt(from);
    return word?.from === from && word.to === from + text.length;
  };
  const whole = isWord(main.from);
  const selected = new Set(ranges.map(({ from }) => from));
  const fits = (at: number) => {
    if (selected.has(at)) return false;
    if (!whole) return true;
    // Most occurrences are parts of longer words. Comparing the neighbouring characters first finds
    // that sooner than finding where the word ends.
    const beside = [all.slice(Math.max(0, at - 1), at), all[at + text.length] ?? ""];
    return !beside.some((character) => IN_WORD.test(character)) && isWord(at);
  };
  for (const [start, end] of [
    [last, all.length],
    [0, last],
  ] as const) {
    for (let at = all.indexOf(text, start); at >= 0 && at < end; ) {
      if (fits(at)) return at;
      at = all.indexOf(text, at + text.length);
    }
  }
  return null;
}
