/**
 * Formats a file: Prettier for JavaScript and TypeScript, loaded from our own server when it is first
 * wanted; for Python, whose indentation is its meaning, blanks at line ends and the end of the file.
 */
import { syntaxTree } from "@codemirror/language";
import type { EditorState, Text } from "@codemirror/state";
import type { EditorView } from "@codemirror/view";
import type { Language } from "../protocol";
import { textOf } from "./collab";

/** How often a text may change under the formatter before it gives up. */
const TRIES = 3;

/** Says in words why it could not, else nothing. Only what differs is changed, so carets stay. */
export async function format(
  view: EditorView,
  language: Language,
  tabWidth: number,
): Promise<string | null> {
  for (let tries = 0; tries < TRIES; tries++) {
    const { state } = view;
    let formatted: string;
    try {
      formatted =
        language === "python" ? tidied(state) : await pretty(state.doc, language, tabWidth);
    } catch (error) {
      const [why] = String(error instanceof Error ? error.message : error).split("\n");
      return `The file could not be formatted: ${why}`;
    }
    const { diff } = await import("@codemirror/merge");
    if (view.state.doc !== state.doc) continue;
    const before = state.doc.toString();
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

/** Prettier's way, with the person's tab width. Throws for what it cannot read. */
async function pretty(doc: Text, language: Language, tabWidth: number): Promise<string> {
  const [{ format }, babel, estree] = await Promise.all([
    import("prettier/standalone"),
    import("prettier/plugins/babel"),
    import("prettier/plugins/estree"),
  ]);
  return format(doc.toString(), {
    parser: language === "typescript" ? "babel-ts" : "babel",
    plugins: [babel, estree],
    tabWidth,
  });
}

/** No blanks at line ends outside strings, and one newline at the end. */
export function tidied(state: EditorState): string {
  const tree = syntaxTree(state);
  const lines = state.doc.toString().split("\n");
  let end = -1;
  const trimmed = lines.map((line) => {
    end += line.length + 1;
    const inString = /String/.test(tree.resolveInner(end, -1).name) && !/['"]\s*$/.test(line);
    return inString ? line : line.trimEnd();
  });
  const text = trimmed.join("\n").replace(/\n+$/, "");
  return text === "" ? "" : `${text}\n`;
}
