/** Replaces all matches of a search. It searches and replaces a little at a time, as one step to undo. */
import { getSearchQuery, replaceAll, type SearchQuery } from "@codemirror/search";
import { StateEffect, type TransactionSpec } from "@codemirror/state";
import { EditorView } from "@codemirror/view";
import type { Edit } from "./edits";
import { makeEdits } from "./jobs";
import { findMatches, forATurn, type Match } from "./matches";

const ESCAPED: Record<string, string> = { n: "\n", r: "\r", t: "\t", "\\": "\\" };
/** The number of times that the text may change during the search before everything is replaced in one go. */
const TRIES = 5;

/** Reports how many matches have been replaced at once. */
export const replacedAll = StateEffect.define<number>();

/**
 * Do what CodeMirror's `replaceAll` does, but in turns: that searches and changes the whole text in one
 * go.
 */
export async function replaceEverywhere(view: EditorView): Promise<void> {
  const query = getSearchQuery(view.state);
  if (!query.valid || view.state.readOnly) return;
  for (let tries = 0; tries < TRIES; tries++) {
    const { doc } = view.state;
    const edits = query.regexp ? patternEdits(view) : await wordEdits(view, query);
    if (view.state.doc !== doc) continue;
    if (edits.length === 0) return;
    const count = await makeEdits(view, edits, "input.replace.all");
    const said = `${view.state.phrase("replaced $ matches", count)}.`;
    view.dispatch({ effects: [EditorView.announce.of(said), replacedAll.of(count)] });
    return;
  }
  replaceAll(view);
}

async function wordEdits(view: EditorView, query: SearchQuery): Promise<Edit[]> {
  const insert = replacement(query);
  return (await allMatches(view, query)).map(({ from, to }) => ({ from, to, insert }));
}

/**
 * Return the edits for a regular expression. Browsers run those fast, and only CodeMirror knows the
 * replacement of each match.
 */
function patternEdits({ state }: EditorView): Edit[] {
  let edits: Edit[] = [];
  const dispatch = ({ changes }: TransactionSpec) => {
    edits = changes as Edit[];
  };
  replaceAll({ state, dispatch } as EditorView);
  return edits;
}

async function allMatches(view: EditorView, query: SearchQuery): Promise<Match[]> {
  const looking = findMatches(query, view.state, Number.POSITIVE_INFINITY);
  let step = forATurn(looking);
  while (!step.done) {
    await new Promise((resolve) => setTimeout(resolve));
    step = forATurn(looking);
  }
  return step.value.ranges.filter(({ precise }) => precise !== false);
}

/** Return the replacement of a match, for a query that is no regular expression. */
export function replacement({ literal, replace }: SearchQuery): string {
  return literal ? replace : replace.replace(/\\([nrt\\])/g, (_, letter) => ESCAPED[letter] ?? "");
}
