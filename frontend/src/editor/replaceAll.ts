/** Replaces all matches of a search: looked for and replaced a little at a time, as one step to undo. */
import { getSearchQuery, replaceAll, type SearchQuery } from "@codemirror/search";
import { StateEffect, type TransactionSpec } from "@codemirror/state";
import { EditorView } from "@codemirror/view";
import type { Edit } from "./edits";
import { makeEdits } from "./jobs";
import { findMatches, forATurn, type Match } from "./matches";

const ESCAPED: Record<string, string> = { n: "\n", r: "\r", t: "\t", "\\": "\\" };
/** How often the text may change under the search before all is done in one go. */
const TRIES = 5;

/** So many matches have been replaced at once. */
export const replacedAll = StateEffect.define<number>();

/** The same as CodeMirror's `replaceAll`, which looks through the whole text, and changes it, in one go. */
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

/** Browsers are fast at patterns, and CodeMirror alone knows what to put in for what one has matched. */
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

function replacement({ literal, replace }: SearchQuery): string {
  return literal ? replace : replace.replace(/\\([nrt\\])/g, (_, letter) => ESCAPED[letter] ?? "");
}
