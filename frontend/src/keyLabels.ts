/**
 * The keys of an action as people read them. With the Vim or Emacs keymap many keys do something else in the
 * text. The page does not name those keys; it names the keymap's own keys for the same action.
 */
import { type Action, keysOf } from "./actions";
import { keyLabel, onMac, spokenKey } from "./keys";
import { settings, type Values } from "./settings/settings";

type Keymap = Values["keymap"];

/** The keys to show beside an action, the usual key first. Reads signals. */
export function labelsOf(action: Action, mac = onMac): readonly string[] {
  const keymap = settings.keymap.value;
  return [
    ...(OWN[keymap][action.id] ?? []),
    ...freeKeys(action, keymap, mac).map((key) => keyLabel(key, mac)),
  ];
}

/** The keys of an action for aria-keyshortcuts. */
export function spokenKeysOf(action: Action, mac = onMac): string | undefined {
  const keys = freeKeys(action, settings.keymap.value, mac).map((key) => spokenKey(key, mac));
  return keys.length > 0 ? keys.join(" ") : undefined;
}

/** The keys that leave the editor. In Vim the first Escape may only end inserting. */
export function leavingKeys(): string {
  return settings.keymap.value === "vim" ? "Escape twice, then Tab," : "Escape, then Tab,";
}

/** The keys of an action that the keymap does not use otherwise. */
export function freeKeys(action: Action, keymap: Keymap, mac = onMac): readonly string[] {
  return keysOf(action, mac).filter((key) => !takes(keymap, key, mac));
}

/** Tell whether the keymap uses a key of the page for something else. */
export function takes(keymap: Keymap, key: string, mac = onMac): boolean {
  const typed = key.length === 1;
  const pressed = key.replace("Mod-", mac ? "Cmd-" : "Ctrl-");
  return keymap === "vim" ? typed || TAKEN.vim.has(pressed) : TAKEN[keymap].has(pressed);
}

/** The keys of the page that each keymap uses otherwise. keymaps.test.ts asks the keymaps themselves. */
const TAKEN: Record<Keymap, ReadonlySet<string>> = {
  default: set(""),
  vim: set("Ctrl-y Ctrl-f Ctrl-[ Ctrl-d Ctrl-i Ctrl-a Ctrl-Space Escape"),
  emacs: set(
    "Ctrl-z Ctrl-y Ctrl-Shift-z Ctrl-f Ctrl-/ Ctrl-Shift-a Ctrl-d Alt-l Ctrl-l Ctrl-a Ctrl-g " +
      "Ctrl-ArrowRight Ctrl-Space Ctrl-s Ctrl-k Alt-Shift-f",
  ),
};

/** The keys of each keymap for an action, by the action's id. */
const OWN: Record<Keymap, Record<string, readonly string[]>> = {
  default: {},
  vim: {
    "edit.undo": ["u"],
    "edit.redo": ["Ctrl R"],
    "edit.find": ["/"],
    "edit.replace": [":s"],
    "edit.comment": ["gcc"],
    "edit.indent": [">>"],
    "edit.outdent": ["<<"],
    "edit.reindent": ["=="],
    "edit.delete-line": ["dd"],
    "edit.blank-line": ["o"],
    "select.line": ["V"],
    "go.line": [":1"],
    "go.next-match": ["n"],
    "go.previous-match": ["N"],
    "go.bracket": ["%"],
    "file.save": [":w"],
    "room.leave": [":q"],
  },
  emacs: {
    "edit.undo": ["C-/"],
    "edit.redo": ["C--"],
    "edit.find": ["C-s"],
    "edit.replace": ["M-%"],
    "edit.comment": ["M-;"],
    "select.all": ["C-x h"],
    "go.line": ["M-g"],
    "go.next-match": ["C-M-s"],
    "go.previous-match": ["C-M-r"],
    "suggest.complete": ["M-/"],
    "file.save": ["C-x C-s"],
    "help.palette": ["M-x"],
  },
};

function set(keys: string): ReadonlySet<string> {
  return new Set(keys.split(" "));
}
