/** Keys by name, "Mod-Shift-k": from an event, and for people to read. */

export const onMac = /Mac|iP(?:hone|ad|od)/.test(globalThis.navigator?.platform ?? "");

type Pressed = Pick<KeyboardEvent, "key" | "code" | "altKey" | "ctrlKey" | "metaKey" | "shiftKey">;

/** The name of the pressed keys: modifiers in the order Mod, Ctrl or Meta, Alt, Shift, then the key. */
export function keyOf(event: Pressed, mac = onMac): string {
  const { altKey, ctrlKey, metaKey, shiftKey } = event;
  const key = plainKey(event);
  // If Shift makes the character, as in "?", the name leaves Shift out.
  const shifted = shiftKey && (ctrlKey || altKey || metaKey || key.length > 1);
  const modifiers = [
    (mac ? metaKey : ctrlKey) && "Mod",
    (mac ? ctrlKey : metaKey) && (mac ? "Ctrl" : "Meta"),
    altKey && "Alt",
    shifted && "Shift",
  ];
  return [...modifiers.filter(Boolean), key].join("-");
}

/** With modifiers a key is named by its print, since Option and Shift change its character. */
function plainKey({ key, code, altKey, ctrlKey, metaKey }: Pressed): string {
  if (altKey || ctrlKey || metaKey) {
    const printed = /^(?:Key|Digit)(.)$/.exec(code)?.[1] ?? PRINTED[code];
    if (printed && !/^[a-z0-9]$/i.test(key)) return printed.toLowerCase();
  }
  return key.length === 1 ? key.toLowerCase() : key;
}

/** The print of keys that are no letters, by their codes. */
export const PRINTED: Record<string, string> = {
  Backslash: "\\",
  BracketLeft: "[",
  BracketRight: "]",
  Comma: ",",
  Period: ".",
  Semicolon: ";",
  Slash: "/",
};

/** A key as this system writes it: "Ctrl Shift K", on a Mac "⇧⌘K". */
export function keyLabel(name: string, mac = onMac): string {
  const parts = name.split(/-(?!$)/);
  const key = parts.pop() ?? "";
  const shown = NAMES[key] ?? (key.length === 1 ? key.toUpperCase() : key);
  if (!mac) return [...parts.map((part) => (part === "Mod" ? "Ctrl" : part)), shown].join(" ");
  const signs = MAC_ORDER.filter((part) => parts.includes(part)).map((part) => MAC_SIGNS[part]);
  return [...signs, shown].join("");
}

/** A key in words for screen readers and aria-keyshortcuts: "Control+Shift+K". */
export function spokenKey(name: string, mac = onMac): string {
  const parts = name.split(/-(?!$)/);
  const key = parts.pop() ?? "";
  const words: Record<string, string> = { Mod: mac ? "Meta" : "Control", Ctrl: "Control" };
  const spoken = key.length === 1 ? key.toUpperCase() : key;
  return [...parts.map((part) => words[part] ?? part), spoken].join("+");
}

const NAMES: Record<string, string> = {
  ArrowUp: "↑",
  ArrowDown: "↓",
  ArrowLeft: "←",
  ArrowRight: "→",
  Enter: "↵",
  Escape: "Esc",
};
const MAC_ORDER = ["Ctrl", "Alt", "Shift", "Mod"];
const MAC_SIGNS: Record<string, string> = { Ctrl: "⌃", Alt: "⌥", Shift: "⇧", Mod: "⌘" };
