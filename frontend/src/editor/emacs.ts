/** Loads the Emacs keymap and fixes its faults. */
import { closeSearchPanel, findNext, findPrevious } from "@codemirror/search";
import { type Extension, Prec } from "@codemirror/state";
import { keymap, ViewPlugin, type ViewUpdate } from "@codemirror/view";
import { EmacsHandler, emacs as keys } from "@replit/codemirror-emacs";
import { perform } from "../actions";
import { openDialog } from "../frame/dialogs";
import { PRINTED } from "../keys";
import { isRemoteUpdate } from "./collab";

/** The parts of the keymap's view plugin that must react when others change the text. */
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
 * Handles the keymap's search keys in the search fields, because the keymap listens only in the text.
 * Without these bindings, C-s would be the page's "Save" there and C-g its "Go to line".
 */
const inSearch = Prec.highest(
  keymap.of([
    { key: "Ctrl-s", scope: "search-panel", run: findNext },
    { key: "Ctrl-r", scope: "search-panel", run: findPrevious },
    { key: "Ctrl-g", scope: "search-panel", run: closeSearchPanel },
  ]),
);

/**
 * Keep the mark and the mark ring in place when others edit. The person's own edit ends the region, as
 * the keymap does by itself.
 */
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

/**
 * Move a mark along with changes. A mark at an end of the selection stays at that end; any other mark
 * stays left of text that is inserted at it, as carets do.
 */
function carried(mark: Mark, { changes, startState, state }: ViewUpdate): Mark {
  return mark?.map((offset) => {
    const index = startState.selection.ranges.findIndex(({ anchor }) => anchor === offset);
    return state.selection.ranges[index]?.anchor ?? changes.mapPos(offset, -1);
  });
}

// The keymap binds M-; and M-> by the printed characters, but looks them up as "Semicolon" and
// "Period".
const { getKey } = EmacsHandler;
EmacsHandler.getKey = (event: KeyboardEvent) => {
  const [key = "", ...others] = getKey(event);
  return [PRINTED[key] ?? key, ...others];
};

EmacsHandler.bindKey("C-x C-s", "save");
EmacsHandler.addCommands({
  // In Emacs, M-x leads to every command; here the palette does.
  focusCommandLine: () => openDialog("palette"),
  gotoline: () => openDialog("palette", ":"),
  save: () => perform("file.save"),
  replace: () => perform("edit.replace"),
  findnext: ({ view }: EmacsHandler) => findNext(view),
  findprevious: ({ view }: EmacsHandler) => findPrevious(view),
});
