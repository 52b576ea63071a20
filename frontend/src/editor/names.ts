/**
 * Colours names that the languages' own highlighting leaves plain: types, and methods where they are
 * defined.
 */
import { syntaxTree } from "@codemirror/language";
import { type Extension, Prec, type Range } from "@codemirror/state";
import {
  Decoration,
  type DecorationSet,
  EditorView,
  ViewPlugin,
  type ViewUpdate,
} from "@codemirror/view";
import { shortLines } from "./highlighting";

const TYPE = Decoration.mark({ class: "cm-typeName" });
const METHOD = Decoration.mark({ class: "cm-methodName" });
const WORD = Decoration.mark({ class: "cm-constructorWord" });
/** Matches names of classes in each of the languages, but not constants. */
const CLASS_LIKE = /^_?[A-Z]\w*[a-z]\w*$/;

export function typeNames(): Extension {
  // The marks must lie inside the spans of the languages' own highlighting, to override its colours.
  return [Prec.highest(plugin), look];
}

const plugin = ViewPlugin.fromClass(
  class {
    decorations: DecorationSet;
    constructor(view: EditorView) {
      this.decorations = marks(view);
    }
    update(update: ViewUpdate) {
      const parsed = syntaxTree(update.startState) !== syntaxTree(update.state);
      if (update.docChanged || update.viewportChanged || parsed) {
        this.decorations = marks(update.view);
      }
    }
  },
  { decorations: ({ decorations }) => decorations },
);

/** Return the marks of the names on the screen, except in very long lines. */
function marks(view: EditorView): DecorationSet {
  const { state } = view;
  const found: Range<Decoration>[] = [];
  for (const { from, to } of shortLines(view)) {
    /** The offset where the type annotation that is being read ends. */
    let annotation = -1;
    syntaxTree(state).iterate({
      from,
      to,
      enter: (node) => {
        const { name } = node;
        if (name === "TypeDef") annotation = node.to;
        else if (name === "VariableName" || name === "VariableDefinition") {
          if (node.from < annotation || CLASS_LIKE.test(state.sliceDoc(node.from, node.to))) {
            found.push(TYPE.range(node.from, node.to));
          }
        } else if (name === "PropertyDefinition" && node.matchContext(["MethodDeclaration"])) {
          const makes = state.sliceDoc(node.from, node.to) === "constructor";
          found.push((makes ? WORD : METHOD).range(node.from, node.to));
        }
      },
    });
  }
  return Decoration.set(found);
}

const look = EditorView.baseTheme({
  ".cm-typeName": { color: "var(--type)" },
  ".cm-methodName": { color: "var(--function)" },
  ".cm-constructorWord": { color: "var(--keyword)" },
});
