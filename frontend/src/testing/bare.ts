/** CodeMirror alone, with what any editor has: a benchmark measures the page beside it. */
import {
  defaultKeymap,
  history,
  historyKeymap,
  indentMore,
  toggleComment,
  undo,
} from "@codemirror/commands";
import { javascript } from "@codemirror/lang-javascript";
import { python } from "@codemirror/lang-python";
import {
  bracketMatching,
  defaultHighlightStyle,
  foldGutter,
  indentOnInput,
  syntaxHighlighting,
} from "@codemirror/language";
import { findNext, replaceAll, SearchQuery, search, setSearchQuery } from "@codemirror/search";
import { Compartment } from "@codemirror/state";
import {
  drawSelection,
  EditorView,
  highlightActiveLine,
  keymap,
  lineNumbers,
} from "@codemirror/view";

const LANGUAGES = { python, javascript };
const wrapping = new Compartment();
let view: EditorView;

function open(doc: string, language: keyof typeof LANGUAGES): void {
  document.body.style.height = "90vh";
  view = new EditorView({
    doc,
    parent: document.body,
    extensions: [
      EditorView.theme({ "&": { height: "100%" }, ".cm-scroller": { overflow: "auto" } }),
      lineNumbers(),
      foldGutter(),
      history(),
      drawSelection(),
      indentOnInput(),
      bracketMatching(),
      highlightActiveLine(),
      syntaxHighlighting(defaultHighlightStyle),
      search(),
      wrapping.of([]),
      keymap.of([...defaultKeymap, ...historyKeymap]),
      LANGUAGES[language](),
    ],
  });
  view.focus();
}

/** Every action of the benchmark, in one transaction as CodeMirror's own commands have it. */
const actions = {
  /** As many changes as the formatter makes of those texts. */
  format(): void {
    const text = view.state.doc.toString();
    const changes = [...text.matchAll(/ {2,}|(?<=\() | (?=\))|'|(?<=[,{};])(?! )/g)].map(
      ({ 0: found, index }) => ({ from: index, to: index + found.length, insert: " " }),
    );
    view.dispatch({ changes });
  },
  wrap(): void {
    view.dispatch({ effects: wrapping.reconfigure(EditorView.lineWrapping) });
  },
  type(): void {
    view.dispatch(view.state.replaceSelection("x"));
  },
  paste(text: string): void {
    view.dispatch(view.state.replaceSelection(text));
  },
  find(words: string): void {
    view.dispatch({ effects: setSearchQuery.of(new SearchQuery({ search: words })) });
    findNext(view);
  },
  replaceAll(words: string, replace: string): void {
    view.dispatch({ effects: setSearchQuery.of(new SearchQuery({ search: words, replace })) });
    replaceAll(view);
  },
  indent(): void {
    selectAll();
    indentMore(view);
  },
  comment(): void {
    selectAll();
    toggleComment(view);
  },
  undo(): void {
    undo(view);
  },
};

function selectAll(): void {
  view.dispatch({ selection: { anchor: 0, head: view.state.doc.length } });
}

Object.assign(globalThis, { bare: { open, ...actions } });
