/** Going to the next match and to the one before it, looked for a little at a time in a long text. */
import {
  findNext as findNextAtOnce,
  findPrevious as findPreviousAtOnce,
  getSearchQuery,
  type SearchQuery,
} from "@codemirror/search";
import type { EditorState } from "@codemirror/state";
import type { Command, EditorView } from "@codemirror/view";
import { forATurn, type Match, reachOf, STRIDE } from "./matches";

/** UTF-16 units that CodeMirror looks through within a frame. */
const SHORT = 100_000;

export const findNext = seeking(findNextAtOnce, nextAfter);
export const findPrevious = seeking(findPreviousAtOnce, lastBefore);

/** A command of CodeMirror, which begins where the match is that was found before. */
function seeking(
  command: Command,
  look: (query: SearchQuery, state: EditorState) => Generator<void, Match | null>,
): Command {
  return (view) => {
    const query = getSearchQuery(view.state);
    // Browsers are fast at patterns.
    if (!query.valid || query.regexp || view.state.doc.length < SHORT) return command(view);
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
    // Somebody has typed, or gone elsewhere: they no longer wait for this.
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

/** The first match after the selection, else the first of the text. */
export function* nextAfter(query: SearchQuery, state: EditorState): Generator<void, Match | null> {
  const { to } = state.selection.main;
  return (
    (yield* first(query, state, to, state.doc.length)) ??
    (yield* first(query, state, 0, Math.min(to + reachOf(query), state.doc.length)))
  );
}

/** The last match before the selection, else the last of the text. */
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
