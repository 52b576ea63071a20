/** Commands that read the tree of the text. The parser may not have come far enough for them yet. */
import { foldAll, foldCode, forceParsing, language } from "@codemirror/language";
import type { Command, EditorView } from "@codemirror/view";

/** The time in ms that is spent on parsing at once. */
const SLICE = 20;

/** The time in ms after which a command makes do with what has been parsed. */
const PATIENCE = 10_000;

/**
 * Return a command that runs once the text is parsed, up to an offset or whole: at once if it is parsed
 * already.
 */
export function whenParsed(
  command: Command,
  upTo = (view: EditorView) => view.state.doc.length,
): Command {
  return (view) => {
    const last = performance.now() + PATIENCE;
    const go = () => {
      const parsed = !view.state.facet(language) || forceParsing(view, upTo(view), SLICE);
      if (parsed || performance.now() > last) return command(view);
      setTimeout(go);
      return true;
    };
    return go();
  };
}

const foldOnceParsed = whenParsed(foldCode);

/** Fold the block at the caret. Most often the part that is parsed shows where the block ends. */
export const foldBlock: Command = (view) => foldCode(view) || foldOnceParsed(view);

export const foldEverything = whenParsed(foldAll);
