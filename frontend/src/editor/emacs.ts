/** The Emacs keymap, with what is amiss in it mended. */
import { closeSearchPanel, findNext, findPrevious } from "@codemirror/search";
import { type Extension, Prec } from "@codemirror/state";
import { keymap, ViewPlugin, type ViewUpdate } from "@codemirror/view";
import { EmacsHandler, emacs as keys } from "@replit/codemirror-emacs";
import { perform } from "../actions";
import { openDialog } from "../frame/dialogs";
import { PRINTED } from "../keys";
import { isRemoteUpdate } from "./collab";

/** The parts of the keymap's view plugin that an update by others concerns. */
interface Keymap {
  em: EmacsHandler;
  update(update: ViewUpdate): void;
  blockCursor: { update(update: ViewUpdate): void; scheduleRedraw(): void };
}

export function emacs(): Extension {
  const parts = keys() as readonly Extension[];
  const plugin = parts.find((part): part is ViewPlugin<Keymap> => part instanceof ViewPlugin);
  const follower = ViewPlugin.define((view) => {
    const found = plugin && view.plugin(plugin);
    if (found) keepMarks(found);
    return {};
  });
  return [parts, follower, inSearch];
}

/**
 * The keymap listens in the text alone. In the fields of the search its keys go on with the search;
 * without these C-s would be the page's "Save" there, and C-g its "Go to line".
 */
const inSearch = Prec.highest(
  keymap.of([
    { key: "Ctrl-s", scope: "search-panel", run: findNext },
    { key: "Ctrl-r", scope: "search-panel", run: findPrevious },
    { key: "Ctrl-g", scope: "search-panel", run: closeSearchPanel },
  ]),
);

/** An own edit ends the region, as the keymap has it; others' edits carry the mark and its ring along. */
function keepMarks(keymap: Keymap): void {
  const { em, blockCursor } = keymap;
  const ownUpdate = keymap.update.bind(keymap);
  keymap.update = (update) => {
    if (!isRemoteUpdate(update)) {
      ownUpdate(update);
      return;
    }
    em.$emacsMark = carried(em.$emacsMark, update);
    em.$emacsMarkRing = em.$emacsMarkRing.map((mark) => carried(mark, update));
    blockCursor.update(update);
    blockCursor.scheduleRedraw();
  };
}

type Mark = EmacsHandler["$emacsMark"];

/** A mark at an end of what is selected stays there; any other stays left of what is inserted at it, as carets do. */
function carried(mark: Mark, { changes, startState, state }: ViewUpdate): Mark {
  return mark?.map((offset) => {
    const index = startState.selection.ranges.findIndex(({ anchor }) => anchor === offset);
    return state.selection.ranges[index]?.anchor ?? changes.mapPos(offset, -1);
  });
}

// It binds M-; and M-> by what is printed on their keys, and asks for them as "Semicolon" and "Period".
const { getKey } = EmacsHandler;
EmacsHandler.getKey = (event: KeyboardEvent) => {
  const [key = "", ...others] = getKey(event);
  return [PRINTED[key] ?? key, ...others];
};

EmacsHandler.bindKey("C-x C-s", "save");
EmacsHandler.addCommands({
  // M-x is the way to every command there; here the palette is.
  focusCommandLine: () => openDialog("palette"),
  gotoline: () => openDialog("palette", ":"),
  save: () => perform("file.save"),
  replace: () => perform("edit.replace"),
  findnext: ({ view }: EmacsHandler) => findNext(view),
  findprevious: ({ view }: EmacsHandler) => findPrevious(view),
});
