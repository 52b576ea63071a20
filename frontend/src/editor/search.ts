/** Find and replace, and what else looks through the text: one of the `extras`. */
import {
  getSearchQuery,
  highlightSelectionMatches,
  openSearchPanel,
  search,
  searchKeymap,
} from "@codemirror/search";
import type { Extension } from "@codemirror/state";
import { type Command, type EditorView, keymap, type Panel } from "@codemirror/view";
import { signal } from "@preact/signals";
import { h, render } from "preact";
import { FindPanel } from "../panels/FindPanel";
import { MatchCount } from "./matches";

export {
  findNext,
  findPrevious,
  openSearchPanel,
  selectNextOccurrence,
  selectSelectionMatches,
} from "@codemirror/search";

export function extension(): Extension {
  return [
    search({ top: true, createPanel: findPanel }),
    highlightSelectionMatches(),
    keymap.of(searchKeymap.filter(({ key = "" }) => !LINE_KEYS.includes(key))),
  ];
}

/** Opens the search panel, at its second field once what to find is known. */
export const openReplace: Command = (view) => {
  openSearchPanel(view);
  if (field(view, "search")?.value) field(view, "replace")?.select();
  return true;
};

/** The page goes to a line by its palette. */
const LINE_KEYS = ["Mod-g", "Mod-Alt-g"];

function findPanel(view: EditorView): Panel {
  const query = signal(getSearchQuery(view.state));
  const count = new MatchCount(query.peek(), view.state);
  const dom = document.createElement("div");
  render(h(FindPanel, { view, query, found: count.words }), dom);
  return {
    dom,
    top: true,
    mount: () => field(view, "search")?.select(),
    update(update) {
      const asked = getSearchQuery(update.state);
      count.update(update, asked);
      query.value = asked;
    },
    destroy() {
      count.destroy();
      render(null, dom);
    },
  };
}

function field(view: EditorView, name: string): HTMLInputElement | null {
  return view.dom.querySelector<HTMLInputElement>(`.find [name=${name}]`);
}
