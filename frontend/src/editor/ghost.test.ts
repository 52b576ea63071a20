/** Tests the rules of ghost text: typing along with it, moving it, ending it. */
import { EditorSelection, EditorState, type TransactionSpec } from "@codemirror/state";
import type { EditorView } from "@codemirror/view";
import { expect, test } from "vitest";
import { Operation } from "../ot";
import { collab, remoteEdit } from "./collab";
import {
  acceptGhost,
  acceptGhostWord,
  dismissGhost,
  ghostField,
  nextGhost,
  previousGhost,
  setGhost,
} from "./ghost";

/** Make an editor with the caret at "|". Its ghosts are the text after the caret, then `texts`. */
function editor(text: string, ...texts: string[]) {
  const at = text.indexOf("|");
  let state = EditorState.create({
    doc: text.replace("|", ""),
    selection: { anchor: at },
    extensions: [collab(() => {}), ghostField, EditorState.allowMultipleSelections.of(true)],
  });
  const dispatch = (spec: TransactionSpec) => {
    state = state.update(spec).state;
  };
  if (texts.length > 0) dispatch({ effects: setGhost.of({ at, texts, index: 0, source: "" }) });
  return {
    dispatch,
    get state() {
      return state;
    },
    get view() {
      return this as unknown as EditorView;
    },
    type(insert: string) {
      dispatch({ ...state.replaceSelection(insert), userEvent: "input.type" });
    },
    /** Apply an edit by somebody else to the current text. */
    remote(...components: (number | string)[]) {
      dispatch(remoteEdit(state, new Operation(components)));
    },
    /** The text with "|" at the caret and the ghost in brackets. */
    get shown() {
      const ghost = state.field(ghostField);
      const { head } = state.selection.main;
      const text = state.doc.toString();
      const grey = ghost ? `[${ghost.texts[ghost.index]}]` : "";
      return `${text.slice(0, head)}|${grey}${text.slice(head)}`;
    },
  };
}

test("a ghost is no part of the document", () => {
  const it = editor("def hello|\nend", "(self):");
  expect(it.shown).toBe("def hello|[(self):]\nend");
  expect(it.state.doc.toString()).toBe("def hello\nend");
});

test("typing along eats it, to its end", () => {
  const it = editor("def hello|", "(self):");
  it.type("(se");
  expect(it.shown).toBe("def hello(se|[lf):]");
  it.type("lf):");
  expect(it.shown).toBe("def hello(self):|");
});

test("what is typed otherwise ends it", () => {
  const it = editor("def hello|", "(self):");
  it.type("[");
  expect(it.shown).toBe("def hello[|");
});

test.each([
  ["a deletion", { changes: { from: 3, to: 4 } }],
  ["typing elsewhere", { changes: { from: 0, insert: "(" } }],
  ["a selection", { selection: { anchor: 0, head: 4 } }],
  ["a caret elsewhere", { selection: { anchor: 1 } }],
  [
    "a second caret",
    {
      selection: EditorSelection.create([EditorSelection.cursor(1), EditorSelection.cursor(4)], 1),
    },
  ],
] satisfies [string, TransactionSpec][])("%s ends it", (_what, spec) => {
  const it = editor("text|", "(self):");
  it.dispatch(spec);
  expect(it.state.field(ghostField)).toBeNull();
});

test("an edit of another elsewhere moves it, one at its place ends it", () => {
  const it = editor("one\ntwo|\nthree", " + 2");
  it.remote("🪐 zero\n", 13);
  expect(it.shown).toBe("🪐 zero\none\ntwo|[ + 2]\nthree");
  it.remote(15, -5);
  expect(it.shown).toBe("🪐 zero\none\ntwo|[ + 2]\n");
  it.remote(14, "!", 1);
  expect(it.state.field(ghostField)).toBeNull();
});

test("an edit of another over its place ends it", () => {
  const it = editor("one two| three", " + 2");
  it.remote(2, -8, 3);
  expect(it.state.field(ghostField)).toBeNull();
});

test("accepting puts it into the document, the caret behind it", () => {
  const it = editor("if x|", ":\n    return 🪐");
  expect(acceptGhost(it.view)).toBe(true);
  expect(it.shown).toBe("if x:\n    return 🪐|");
});

test("words are taken one by one, each with the blanks before it", () => {
  const it = editor("for |", "größe in range(10):\n    pass");
  const steps = [];
  while (acceptGhostWord(it.view)) steps.push(it.shown);
  expect(steps.slice(0, 4)).toEqual([
    "for größe|[ in range(10):\n    pass]",
    "for größe in|[ range(10):\n    pass]",
    "for größe in range|[(10):\n    pass]",
    "for größe in range(|[10):\n    pass]",
  ]);
  expect(steps.at(-1)).toBe("for größe in range(10):\n    pass|");
});

test("the alternatives go round, and those that fit stay when typing along", () => {
  const it = editor("x.|", "append(1)", "pop()", "appendleft(1)");
  nextGhost(it.view);
  expect(it.shown).toBe("x.|[pop()]");
  nextGhost(it.view);
  nextGhost(it.view);
  expect(it.shown).toBe("x.|[append(1)]");
  it.type("app");
  previousGhost(it.view);
  expect(it.shown).toBe("x.app|[endleft(1)]");
});

test("without a ghost its keys are free for others", () => {
  const it = editor("text|");
  for (const command of [acceptGhost, acceptGhostWord, dismissGhost, nextGhost]) {
    expect(command(it.view)).toBe(false);
  }
  const alone = editor("text|", "one only");
  expect(nextGhost(alone.view)).toBe(false);
  expect(dismissGhost(alone.view)).toBe(true);
  expect(alone.shown).toBe("text|");
});
