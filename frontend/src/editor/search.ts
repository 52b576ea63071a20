/** Find and replace, and other searches in the text. One of the `extras`. */
import {
  getSearchQuery,
  highlightSelectionMatches,
  openSearchPanel,
  type SearchQuery,
  search,
  searchKeymap,
  setSearchQuery,
} from "@codemirror/search";
import { EditorSelection, type Extension } from "@codemirror/state";
import { type Command, EditorView, keymap, type Panel } from "@codemirror/view";
import { signal } from "@preact/signals";
import { h, render } from "preact";
import { FindPanel } from "../find/FindPanel";
import { MatchCount, type Matches, nextMatch } from "./matches";
import { replacedAll } from "./replaceAll";
import { findNext, findPrevious } from "./seek";

export { openSearchPanel, selectSelectionMatches } from "@codemirror/search";
export { selectNextOccurrence } from "./nextOccurrence";
export { findNext, findPrevious } from "./seek";

export function extension(): Extension {
  return [
    search({ top: true, createPanel: findPanel }),
    highlightSelectionMatches(),
    keymap.of(searchKeymap.filter(({ key = "" }) => !OWN_KEYS.includes(key))),
    keymap.of([{ key: "F3", run: findNext, shift: findPrevious, scope: "editor search-panel" }]),
  ];
}

/** Open the search panel. The focus goes to the second field when the text to find is known. */
export const openReplace: Command = (view) => {
  openSearchPanel(view);
  if (field(view, "search")?.value) field(view, "replace")?.select();
  return true;
};

/**
 * Keys of CodeMirror's search that the page binds itself: the palette goes to a line, and the page's
 * own commands go to matches.
 */
const OWN_KEYS = ["Mod-g", "Mod-Alt-g", "F3"];

function findPanel(view: EditorView): Panel {
  const query = signal(getSearchQuery(view.state));
  /** Tells whether a search was just written for which no match was shown yet. */
  let seeks = false;
  const count = new MatchCount(query.peek(), view.state, (matches) => {
    if (!seeks) return;
    seeks = false;
    // Show the match later: the view may be in the middle of an update.
    queueMicrotask(() => show(view, query.peek(), matches));
  });
  const write = (asked: SearchQuery) => {
    seeks = !asked.eq(getSearchQuery(view.state));
    view.dispatch({ effects: setSearchQuery.of(asked) });
  };
  const dom = document.createElement("div");
  render(h(FindPanel, { view, query, found: count.words, onWrite: write }), dom);
  return {
    dom,
    top: true,
    mount: () => field(view, "search")?.select(),
    update(update) {
      const asked = getSearchQuery(update.state);
      count.update(update, asked);
      for (const { effects } of update.transactions) {
        for (const one of effects) if (one.is(replacedAll)) count.replaced(one.value);
      }
      query.value = asked;
    },
    destroy() {
      count.destroy();
      render(null, dom);
    },
  };
}

/** Select the match that a person who writes a search means. The focus stays in the field. */
function show(view: EditorView, query: SearchQuery, matches: Matches): void {
  const match = nextMatch(matches, view.state.selection.main.from, query, view.state);
  if (!match) return;
  const range = EditorSelection.range(match.from, match.to);
  view.dispatch({
    selection: range,
    effects: EditorView.scrollIntoView(range, { y: "nearest", yMargin: 48 }),
    userEvent: "select.search",
  });
}

function field(view: EditorView, name: string): HTMLInputElement | null {
  return view.dom.querySelector<HTMLInputElement>(`.find [name=${name}]`);
}
