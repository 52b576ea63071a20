/**
 * Handles text that an input method, dictation or an assistive program writes over several lines, or
 * deletes together with line ends, without a key press. Left alone, a browser would join the lines
 * itself and keep their looks with style attributes, which the page's security policy forbids. So the
 * editor makes the edit itself.
 */
import { EditorSelection, type Extension } from "@codemirror/state";
import { EditorView } from "@codemirror/view";

export function acrossLines(): Extension {
  return EditorView.domEventHandlers({
    beforeinput(event, view) {
      const text = writtenBy(event);
      if (text === null || !event.cancelable || view.composing || view.state.readOnly) return false;
      const { from, to } = rangeOf(event, view);
      const { doc } = view.state;
      if (doc.lineAt(from).number === doc.lineAt(to).number) return false;
      event.preventDefault();
      const insert = () =>
        view.state.update({
          changes: { from, to, insert: view.state.toText(text) },
          selection: EditorSelection.cursor(from + text.length),
          userEvent: text ? "input.type" : "delete",
          scrollIntoView: true,
        });
      const handlers = text ? view.state.facet(EditorView.inputHandler) : [];
      if (!handlers.some((handle) => handle(view, from, to, text, insert))) view.dispatch(insert());
      return true;
    },
  });
}

/** Return the text that an event writes; "" when the event only deletes, null when it does something else. */
function writtenBy({ inputType, data, dataTransfer }: InputEvent): string | null {
  if (inputType.startsWith("deleteContent") || inputType.startsWith("deleteWord")) return "";
  if (inputType !== "insertText" && inputType !== "insertReplacementText") return null;
  return data ?? dataTransfer?.getData("text/plain") ?? null;
}

function rangeOf(event: InputEvent, view: EditorView): { from: number; to: number } {
  const [range] = event.getTargetRanges();
  if (!range || !view.contentDOM.contains(range.startContainer)) return view.state.selection.main;
  return {
    from: view.posAtDOM(range.startContainer, range.startOffset),
    to: view.posAtDOM(range.endContainer, range.endOffset),
  };
}
