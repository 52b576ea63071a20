/** Loads the Vim keymap and fixes its faults. */
import type { Extension } from "@codemirror/state";
import { ViewPlugin } from "@codemirror/view";
import { type CodeMirror, getCM, vim as keys, Vim } from "@replit/codemirror-vim";
import { onCharacter } from "../collab";
import "./commands";
import { look, plainMessages } from "./look";
import { keepPlaces } from "./places";

export function vim(): Extension {
  let editor: CodeMirror | null = null;
  const follower = ViewPlugin.define((view) => {
    editor = getCM(view);
    if (editor) {
      forgetJumps();
      keepPlaces(editor);
      plainMessages(editor);
    }
    return {
      destroy() {
        editor = null;
      },
    };
  });
  const standsOnCharacter = () => editor?.state.vim?.insertMode === false;
  return [onCharacter.of(standsOnCharacter), keys({ status: true }), follower, look];
}

/**
 * Clear Vim's jump list. There is one list for the whole page, although its marks belong to the editor
 * that set them. Only a reset of everything creates a new list, so restore the rest afterwards.
 */
function forgetJumps(): void {
  const kept = { ...Vim.getVimGlobalState_() };
  Vim.resetVimGlobalState_();
  const fresh = Vim.getVimGlobalState_();
  const { jumpList } = fresh;
  Object.assign(fresh, kept, { jumpList });
}
