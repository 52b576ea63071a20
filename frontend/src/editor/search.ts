/** Find and replace, and what else looks through the text: one of the `extras`. */
import {
  highlightSelectionMatches,
  openSearchPanel,
  search,
  searchKeymap,
} from "@codemirror/search";
import type { Extension } from "@codemirror/state";
import { type Command, keymap } from "@codemirror/view";

export {
  findNext,
  findPrevious,
  openSearchPanel,
  selectNextOccurrence,
  selectSelectionMatches,
} from "@codemirror/search";

export function extension(): Extension {
  return [
    search({ top: true }),
    highlightSelectionMatches(),
    keymap.of(searchKeymap.filter(({ key = "" }) => !LINE_KEYS.includes(key))),
  ];
}

/** Opens the search panel, at its second field once what to find is known. */
export const openReplace: Command = (view) => {
  openSearchPanel(view);
  const field = (name: string) =>
    view.dom.querySelector<HTMLInputElement>(`.cm-search [name=${name}]`);
  if (field("search")?.value) field("replace")?.select();
  return true;
};

/** The page goes to a line by its palette. */
const LINE_KEYS = ["Mod-g", "Mod-Alt-g"];
