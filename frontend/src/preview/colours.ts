/** Colours code in a preview as the editor does. */
import { ensureSyntaxTree } from "@codemirror/language";
import { EditorState } from "@codemirror/state";
import { highlightTree } from "@lezer/highlight";
import { languageCalled } from "../editor/grammars";
import { loadLanguage } from "../editor/languages";
import { code as colours } from "../editor/theme";

/** The time that parsing a piece of code may take, in ms. Code that takes longer stays without colours. */
const PATIENCE = 25;

/** Colour a `code` element whose `data-lang` names a language. */
export async function colour(element: HTMLElement): Promise<void> {
  const language = languageCalled(element.dataset.lang ?? "");
  const text = element.textContent ?? "";
  if (!language || text === "") return;
  let support: Awaited<ReturnType<typeof loadLanguage>>;
  try {
    support = await loadLanguage(language);
  } catch {
    return; // Without a network now: it is readable all the same.
  }
  const state = EditorState.create({ doc: text, extensions: support });
  const tree = ensureSyntaxTree(state, text.length, PATIENCE);
  if (!tree || !element.isConnected) return;
  const nodes = document.createDocumentFragment();
  let at = 0;
  highlightTree(tree, colours, (from, to, names) => {
    nodes.append(text.slice(at, from));
    const span = document.createElement("span");
    span.className = names;
    span.textContent = text.slice(from, to);
    nodes.append(span);
    at = to;
  });
  nodes.append(text.slice(at));
  element.replaceChildren(nodes);
}
