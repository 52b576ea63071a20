import { expect, test } from "vitest";
import { keyLabel, keyOf, spokenKey } from "./keys";

const pressed = (key: string, code: string, modifiers = "") => ({
  key,
  code,
  altKey: modifiers.includes("a"),
  ctrlKey: modifiers.includes("c"),
  metaKey: modifiers.includes("m"),
  shiftKey: modifiers.includes("s"),
});

test.each([
  ["k with Ctrl", pressed("k", "KeyK", "c"), false, "Mod-k"],
  ["k with Cmd", pressed("k", "KeyK", "m"), true, "Mod-k"],
  ["k with Ctrl on a Mac", pressed("k", "KeyK", "c"), true, "Ctrl-k"],
  ["K with Ctrl and Shift", pressed("K", "KeyK", "cs"), false, "Mod-Shift-k"],
  ["a question mark, which needs Shift", pressed("?", "Slash", "s"), false, "?"],
  ["a function key with Shift", pressed("F3", "F3", "s"), false, "Shift-F3"],
  ["an arrow with Alt", pressed("ArrowUp", "ArrowUp", "a"), false, "Alt-ArrowUp"],
  ["what Option makes another character of", pressed("«", "Backslash", "a"), true, "Alt-\\"],
  ["a letter of another alphabet", pressed("л", "KeyK", "c"), false, "Mod-k"],
  ["a letter where the layout has another", pressed("y", "KeyZ", "c"), false, "Mod-y"],
] as const)("%s is %#", (_what, event, mac, name) => expect(keyOf(event, mac)).toBe(name));

test.each([
  ["Mod-k", "Ctrl K", "⌘K", "Control+K"],
  ["Mod-Shift-k", "Ctrl Shift K", "⇧⌘K", "Control+Shift+K"],
  ["Alt-ArrowUp", "Alt ↑", "⌥↑", "Alt+ArrowUp"],
  ["Mod--", "Ctrl -", "⌘-", "Control+-"],
  ["?", "?", "?", "?"],
  ["F1", "F1", "F1", "F1"],
])("%s is written as each system has it", (name, elsewhere, mac, spoken) => {
  expect(keyLabel(name, false)).toBe(elsewhere);
  expect(keyLabel(name, true)).toBe(mac);
  expect(spokenKey(name, false)).toBe(spoken);
});
