/** Goes to the next or the previous match. In a long text it searches a little at a time. */
import {
  findNext as findNextAtOnce,
  findPrevious as findPreviousAtOnce,
  getSearchQuery,
  replaceNext as replaceNextAtOnce,
  type SearchQuery,
} from "@codemirror/search";
import type { EditorState } from "@codemirror/state";
import { type Command, EditorView } from "@codemirror/view";
import { forATurn, type Match, reachOf, STRIDE } from "./matches";
import { replacement } from "./replaceAll";

/** The number of UTF-16 units that CodeMirror searches within a frame. */
export const SHORT = 100_000;

export const findNext = seeking(findNextAtOnce, nextAfter);
export const findPrevious = seeking(findPreviousAtOnce, lastBefore);

/** Replace the selected match and go to the next one. */
export const replaceNext: Command = (view) => {
  const { state } = view;
  const query = getSearchQuery(state);
  if (isFast(query, state) || state.readOnly) return replaceNextAtOnce(view);
  const { from, to } = state.selection.main;
  const end = Math.min(to + reachOf(query), state.doc.length);
  const { done, value } = query.getCursor(state, from, end).next();
  if (!done && value.from === from && value.to === to) {
    const insert = replacement(query);
    const said = state.phrase("replaced match on line $", state.doc.lineAt(from).number);
    view.dispatch({
      changes: { from, to, insert },
      selection: { anchor: from + insert.length },
      effects: EditorView.announce.of(`${said}.`),
      userEvent: "input.replace",
    });
  }
  return findNext(view);
};

/** Tell whether CodeMirror searches the whole text within a frame. Browsers run regular expressions fast. */
function isFast(query: SearchQuery, state: EditorState): boolean {
  return !query.valid || query.regexp || state.doc.length < SHORT;
}

/** Wrap a command of CodeMirror, so that it starts at a match that was found in turns. */
function seeking(
  command: Command,
  look: (query: SearchQuery, state: EditorState) => Generator<void, Match | null>,
): Command {
  return (view) => {
    const query = getSearchQuery(view.state);
    if (isFast(query, view.state)) return command(view);
    void find(view, look(query, view.state), command);
    return true;
  };
}

async function find(
  view: EditorView,
  looking: Generator<void, Match | null>,
  command: Command,
): Promise<void> {
  const { doc, selection } = view.state;
  let step = forATurn(looking);
  while (!step.done) {
    await new Promise((resolve) => setTimeout(resolve));
    // The person has typed or moved, and no longer waits for this match.
    if (!view.state.selection.eq(selection)) return;
    if (view.state.doc !== doc) return void command(view);
    step = forATurn(looking);
  }
  if (!step.value) return;
  const anchor = command === findNextAtOnce ? step.value.from : step.value.to;
  const state = view.state.update({ selection: { anchor } }).state;
  const dispatch = view.dispatch.bind(view);
  command(Object.create(view, { state: { value: state }, dispatch: { value: dispatch } }));
}

/** Find the first match after the selection, else the first of the text. */
export function* nextAfter(query: SearchQuery, state: EditorState): Generator<void, Match | null> {
  const { to } = state.selection.main;
  return (
    (yield* first(query, state, to, state.doc.length)) ??
    (yield* first(query, state, 0, Math.min(to + reachOf(query), state.doc.length)))
  );
}

/** Find the last match before the selection, else the last of the text. */
export function* lastBefore(query: SearchQuery, state: EditorState): Generator<void, Match | null> {
  const { from } = state.selection.main;
  return (
    (yield* last(query, state, 0, from)) ??
    (yield* last(query, state, Math.max(0, from - reachOf(query)), state.doc.length))
  );
}

function* first(query: SearchQuery, state: EditorState, from: number, to: number) {
  for (let start = from; start < to; start += STRIDE) {
    const end = Math.min(to, start + STRIDE + reachOf(query));
    const { done, value } = query.getCursor(state, start, end).next();
    if (!done) return value;
    yield;
  }
  return null;
}

function* last(query: SearchQuery, state: EditorState, from: number, to: number) {
  for (let end = to; end > from; end -= STRIDE) {
    let found: Match | null = null;
    const cursor = query.getCursor(state, Math.max(from, end - STRIDE - reachOf(query)), end);
    for (let next = cursor.next(); !next.done; next = cursor.next()) found = next.value;
    if (found) return found;
    yield;
  }
  return null;
}
