// @vitest-environment happy-dom
/** Compares what the page says about keys with the keymaps themselves. */
import { afterEach, expect, test } from "vitest";
import type { Action } from "../actions";
import { freeKeys, labelsOf, takes } from "../keyLabels";
import { settings } from "../settings/settings";
import { Typist } from "../testing/typist";
import { commandActions } from "./commands";
import { emacs } from "./emacs";
import { vim } from "./vim";

const ACTIONS = commandActions(
  () => {},
  () => true,
);
/** Keys of actions that belong to the page. */
const PAGE = ["Mod-s", "Mod-g", "Ctrl-g", "Mod-,", "Mod-k", "F1", "Alt-Shift-f"];
const KEYS = [
  ...new Set([...ACTIONS.flatMap(({ keys = [], macKeys = [] }) => [...keys, ...macKeys]), ...PAGE]),
];
const KEYMAPS = { vim: { make: vim, modes: ["", "i", "v"] }, emacs: { make: emacs, modes: [""] } };

afterEach(() => {
  settings.keymap.value = "default";
});

test.each((["vim", "emacs"] as const).flatMap((name) => KEYS.map((key) => [name, key] as const)))(
  "%s takes %s if we say so",
  (name, key) => {
    const { make, modes } = KEYMAPS[name];
    const taken = modes.some((mode) => {
      const typist = new Typist("one two\nthree", make());
      typist.type(mode);
      const left = pressed(key);
      typist.view.contentDOM.dispatchEvent(left);
      typist.destroy();
      return left.defaultPrevented;
    });
    expect(takes(name, key, false)).toBe(taken);
  },
);

test("with Vim and Emacs nobody is told of keys that do something else there", () => {
  const find = ACTIONS.find(({ id }) => id === "edit.find") as Action;
  expect(labelsOf(find, false)).toEqual(["Ctrl F"]);
  settings.keymap.value = "vim";
  expect(labelsOf(find, false)).toEqual(["/"]);
  settings.keymap.value = "emacs";
  expect(labelsOf(find, false)).toEqual(["C-s"]);
});

test("on a Mac they leave Cmd alone", () => {
  const find = ACTIONS.find(({ id }) => id === "edit.find") as Action;
  expect(freeKeys(find, "vim", true)).toEqual(["Mod-f"]);
});

test("a key that only types something is Vim's", () => {
  expect(takes("vim", "?")).toBe(true);
  expect(takes("emacs", "?")).toBe(false);
});

function pressed(name: string): KeyboardEvent {
  const parts = name.split(/-(?!$)/);
  const last = parts.pop() ?? "";
  const key = last === "Space" ? " " : last;
  const code = /^[a-z]$/.test(key) ? `Key${key.toUpperCase()}` : (CODES[key] ?? last);
  return new KeyboardEvent("keydown", {
    key,
    code,
    ctrlKey: parts.some((part) => part === "Mod" || part === "Ctrl"),
    altKey: parts.includes("Alt"),
    shiftKey: parts.includes("Shift"),
    bubbles: true,
    cancelable: true,
  });
}

const CODES: Record<string, string> = {
  "\\": "Backslash",
  "[": "BracketLeft",
  "]": "BracketRight",
  ",": "Comma",
  "/": "Slash",
};
