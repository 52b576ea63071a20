/** Find and replace, and what else looks through the text: one of the `extras`. */
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

export {
  openSearchPanel,
  selectNextOccurrence,
  selectSelectionMatches,
} from "@codemirror/search";
export { findNext, findPrevious } from "./seek";

export function extension(): Extension {
  return [
    search({ top: true, createPanel: findPanel }),
    highlightSelectionMatches(),
    keymap.of(searchKeymap.filter(({ key = "" }) => !OWN_KEYS.includes(key))),
    keymap.of([{ key: "F3", run: findNext, shift: findPrevious, scope: "editor search-panel" }]),
  ];
}

/** Opens the search panel, at its second field once what to find is known. */
export const openReplace: Command = (view) => {
  openSearchPanel(view);
  if (field(view, "search")?.value) field(view, "replace")?.select();
  return true;
};

/** The page goes to a line by its palette, and to matches by commands of its own. */
const OWN_KEYS = ["Mod-g", "Mod-Alt-g", "F3"];

function findPanel(view: EditorView): Panel {
  const query = signal(getSearchQuery(view.state));
  /** Whether a search has just been written, of which nothing is shown yet. */
  let seeks = false;
  const count = new MatchCount(query.peek(), view.state, (matches) => {
    if (!seeks) return;
    seeks = false;
    // Not now: the view may be in the middle of an update.
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

/** Select the match that somebody who writes a search means; the focus stays in the field. */
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
