/** Replaces all matches of a search: looked for a little at a time, replaced at once, as one step to undo. */
import { getSearchQuery, replaceAll, type SearchQuery } from "@codemirror/search";
import { EditorView } from "@codemirror/view";
import { findMatches, forATurn, type Match } from "./matches";

const ESCAPED: Record<string, string> = { n: "\n", r: "\r", t: "\t", "\\": "\\" };
/** How often the text may change meanwhile before all is done in one go. */
const TRIES = 5;

/** The same as CodeMirror's `replaceAll`, which looks through the whole text in one go. */
export async function replaceEverywhere(view: EditorView): Promise<void> {
  const query = getSearchQuery(view.state);
  // Browsers are fast at patterns, and what a pattern has matched is put in by CodeMirror alone.
  if (!query.valid || query.regexp) return void replaceAll(view);
  for (let tries = 0; tries < TRIES; tries++) {
    const { doc } = view.state;
    const matches = await allMatches(view, query);
    if (view.state.doc !== doc) continue;
    const insert = replacement(query);
    const changes = matches.map(({ from, to }) => ({ from, to, insert }));
    if (changes.length === 0) return;
    const said = `${view.state.phrase("replaced $ matches", changes.length)}.`;
    const effects = EditorView.announce.of(said);
    view.dispatch({ changes, effects, userEvent: "input.replace.all" });
    return;
  }
  replaceAll(view);
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
