/**
 * Shows ghost text: a suggestion in grey after the caret that is never part of the document. Typing the
 * same letters takes them off its front. Any other change at its place, or a caret that leaves it, ends
 * it. An edit by somebody else elsewhere moves it.
 */
import {
  EditorSelection,
  type EditorState,
  type Extension,
  Prec,
  StateEffect,
  StateField,
  type Transaction,
} from "@codemirror/state";
import {
  type Command,
  Decoration,
  type DecorationSet,
  EditorView,
  gutterWidgetClass,
  keymap,
} from "@codemirror/view";
import { altKeys } from "./altKeys";
import { isLocalEdit } from "./collab";
import { besideGhost, GhostWidget } from "./ghostWidgets";

export interface Ghost {
  /** The offset of the caret. */
  at: number;
  /** The texts that may follow, best first; none of them is empty. */
  texts: readonly string[];
  /** The index of the shown text. */
  index: number;
  /** The model that suggests it; "" for the server itself. */
  source: string;
}

/** Shows a ghost; null removes it. */
export const setGhost = StateEffect.define<Ghost | null>();

export const ghostField = StateField.define<Ghost | null>({
  create: () => null,
  update(ghost, transaction) {
    let next = ghost && moved(ghost, transaction);
    for (const effect of transaction.effects) if (effect.is(setGhost)) next = effect.value;
    return next && isCaretAt(transaction.state, next.at) ? next : null;
  },
  provide: (field) =>
    EditorView.decorations.compute([field, "doc"], (state) => drawn(state, state.field(field))),
});

export function ghostText(): Extension {
  return [
    ghostField,
    gutterWidgetClass.of((_view, widget) => (widget instanceof GhostWidget ? besideGhost : null)),
    Prec.highest([
      keymap.of([
        { key: "Tab", run: acceptGhost },
        { key: "Mod-ArrowRight", run: acceptGhostWord },
        { key: "Escape", run: dismissGhost },
      ]),
      altKeys({ "Alt-]": nextGhost, "Alt-[": previousGhost }),
      EditorView.inputHandler.of(typedAlong),
    ]),
    // A composition and a ghost at the same place would disturb each other.
    EditorView.domEventHandlers({ compositionstart: (_event, view) => void dismissGhost(view) }),
  ];
}

/** Tell whether there is a single caret without a selection at this offset. */
export function isCaretAt({ selection }: EditorState, offset: number): boolean {
  const { ranges, main } = selection;
  return ranges.length === 1 && main.empty && main.head === offset;
}

export const acceptGhost: Command = (view) => insert(view, (text) => text);

/** Accept the next word of the ghost together with the blanks before it. */
export const acceptGhostWord: Command = (view) =>
  insert(view, (text) => /^\s*(?:[\p{L}\p{N}_]+|[^\p{L}\p{N}_\s]+|$)/u.exec(text)?.[0] ?? text);

export const dismissGhost: Command = (view) => {
  if (!view.state.field(ghostField, false)) return false;
  view.dispatch({ effects: setGhost.of(null) });
  return true;
};

export const nextGhost: Command = (view) => turn(view, 1);
export const previousGhost: Command = (view) => turn(view, -1);

function insert(view: EditorView, part: (text: string) => string): boolean {
  const ghost = view.state.field(ghostField, false);
  if (!ghost) return false;
  const text = part(ghost.texts[ghost.index] ?? "");
  view.dispatch({
    changes: { from: ghost.at, insert: text },
    selection: EditorSelection.cursor(ghost.at + text.length),
    userEvent: "input.complete",
    scrollIntoView: true,
  });
  return true;
}

function turn(view: EditorView, step: number): boolean {
  const ghost = view.state.field(ghostField, false);
  if (!ghost || ghost.texts.length < 2) return false;
  const index = (ghost.index + step + ghost.texts.length) % ghost.texts.length;
  view.dispatch({ effects: setGhost.of({ ...ghost, index }) });
  return true;
}

/**
 * Insert a typed bracket without its partner if the ghost begins with the bracket, because the ghost
 * contains the partner.
 */
function typedAlong(view: EditorView, from: number, to: number, text: string): boolean {
  const ghost = view.state.field(ghostField, false);
  const along = ghost && from === to && from === ghost.at && current(ghost).startsWith(text);
  if (!along || view.composing) return false;
  view.dispatch({
    changes: { from, insert: text },
    selection: EditorSelection.cursor(from + text.length),
    userEvent: "input.type",
    scrollIntoView: true,
  });
  return true;
}

function moved(ghost: Ghost, transaction: Transaction): Ghost | null {
  if (!transaction.docChanged) return ghost;
  if (isLocalEdit(transaction)) return eaten(ghost, transaction);
  let touched = false;
  transaction.changes.iterChangedRanges((from, to) => {
    touched ||= from <= ghost.at && ghost.at <= to;
  });
  return touched ? null : { ...ghost, at: transaction.changes.mapPos(ghost.at) };
}

/** Return the ghost without the typed letters if it begins with them; null otherwise. */
function eaten(ghost: Ghost, { changes }: Transaction): Ghost | null {
  let typed: string | null = null;
  changes.iterChanges((from, to, _fromB, _toB, inserted) => {
    typed = typed === null && from === to && from === ghost.at ? inserted.toString() : "";
  });
  if (!typed) return null;
  const start: string = typed;
  if (!current(ghost).startsWith(start)) return null;
  const left = ghost.texts.filter((text) => text.startsWith(start) && text !== start);
  const index = left.indexOf(current(ghost));
  if (index < 0) return null;
  return {
    ...ghost,
    at: ghost.at + start.length,
    texts: left.map((text) => text.slice(start.length)),
    index,
  };
}

function current(ghost: Ghost): string {
  return ghost.texts[ghost.index] ?? "";
}

function drawn(state: EditorState, ghost: Ghost | null): DecorationSet {
  if (!ghost) return Decoration.none;
  const [first = "", ...more] = current(ghost).split("\n");
  const line = state.doc.lineAt(ghost.at);
  const widget = (text: string, block: boolean) =>
    Decoration.widget({ widget: new GhostWidget(text, block), side: 1, block });
  return Decoration.set([
    widget(first, false).range(ghost.at),
    ...(more.length > 0 ? [widget(more.join("\n"), true).range(line.to)] : []),
  ]);
}
