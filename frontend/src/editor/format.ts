/** Formats a file, as one edit of what differs: carets and others' typing stay. */
import type { EditorView } from "@codemirror/view";
import type { Language } from "../protocol";
import { textOf } from "./collab";
import { loadFormatter } from "./formatters";

/** How often a text may change under the formatter before it gives up. */
const TRIES = 3;

/** Says in words why it could not, else nothing. Rejects if what it takes cannot be fetched. */
export async function format(
  view: EditorView,
  language: Language,
  tabWidth: number,
): Promise<string | null> {
  const [layOut, { diff }] = await Promise.all([
    loadFormatter(language),
    import("@codemirror/merge"),
  ]);
  for (let tries = 0; tries < TRIES; tries++) {
    const { doc } = view.state;
    const before = doc.toString();
    let formatted: string;
    try {
      formatted = await layOut(before, tabWidth);
    } catch (error) {
      const [why] = String(error instanceof Error ? error.message : error).split("\n");
      return `The file could not be formatted: ${why}`;
    }
    if (view.state.doc !== doc) continue;
    const changes = diff(before, formatted).map(({ fromA, toA, fromB, toB }) => ({
      from: fromA,
      to: toA,
      insert: textOf(formatted.slice(fromB, toB)),
    }));
    view.dispatch({ changes, userEvent: "format" });
    return null;
  }
  return "The file was not formatted: others are typing too fast. Try again.";
}
