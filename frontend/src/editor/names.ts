/** Colours what the languages' own highlighting leaves as plain names: types, and methods where they are made. */
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
/** How classes are called in each of the languages; constants are not. */
const CLASS_LIKE = /^_?[A-Z]\w*[a-z]\w*$/;

export function typeNames(): Extension {
  // Inside the spans of the languages' own highlighting, whose colours it changes.
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

/** The names on the screen, but for very long lines. */
function marks(view: EditorView): DecorationSet {
  const { state } = view;
  const found: Range<Decoration>[] = [];
  for (const { from, to } of shortLines(view)) {
    /** Where the annotation that is being walked through ends. */
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
