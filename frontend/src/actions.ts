/**
 * Everything a person can do on the page, as data. The palette, the shortcut sheet, tips and menus
 * read it; `followKeys` turns keys into actions wherever the editor does not do so itself.
 */
import { computed, type ReadonlySignal, signal } from "@preact/signals";
import type { IconNode } from "lucide";
import { keyOf, onMac } from "./keys";

/** In the order in which the palette and the shortcut sheet have them. */
export const SECTIONS = [
  "People",
  "File",
  "Edit",
  "Select",
  "Suggest",
  "Go to",
  "View",
  "Room",
  "Help",
] as const;
export type Section = (typeof SECTIONS)[number];

export interface Action {
  /** Unique and lasting, like "edit.undo". */
  id: string;
  /** What it does, in the words of a button. A function reads signals. */
  title: string | (() => string);
  section: Section;
  icon?: IconNode;
  /** Other words that people look for. */
  words?: string;
  /** What it is called in one word: a search for that finds it first. */
  alias?: string;
  /** Like "Mod-Shift-k" or "?"; Mod is Cmd on a Mac and Ctrl elsewhere. The first one is shown. */
  keys?: readonly string[];
  /** Its keys on a Mac, where those are others. */
  macKeys?: readonly string[];
  /** Its rank in the menu of what a phone has no room for elsewhere; left out: it is not in it. */
  more?: number;
  /** Its keys work also in the editor and in fields, but for plain characters. */
  global?: boolean;
  /** Its keys work in the editor alone, which listens for them itself. */
  editorOnly?: boolean;
  /** Whether it can be done now; left out: always. Reads signals. */
  enabled?(): boolean;
  /** For a choice: whether it is the one in force. Reads signals. */
  checked?(): boolean;
  run(): void;
}

const groups = signal<readonly (readonly Action[])[]>([]);

/** All there are, by section, each section in the order of their coming. */
export const actions: ReadonlySignal<readonly Action[]> = computed(() => {
  const all = groups.value.flat();
  return SECTIONS.flatMap((section) => all.filter((action) => action.section === section));
});

/** Adds actions; returns what takes them away again. */
export function register(group: readonly Action[]): () => void {
  groups.value = [...groups.peek(), group];
  return () => {
    groups.value = groups.peek().filter((other) => other !== group);
  };
}

/** The action with this id, if it is there. */
export function find(id: string): Action | undefined {
  return actions.value.find((action) => action.id === id);
}

/** Does the action with this id, if it is there and can be done. */
export function perform(id: string): void {
  const action = actions.peek().find((other) => other.id === id);
  if (action && isEnabled(action)) action.run();
}

export function isEnabled(action: Action): boolean {
  return action.enabled?.() ?? true;
}

export function titleOf({ title }: Action): string {
  return typeof title === "string" ? title : title();
}

export function keysOf({ keys = [], macKeys = keys }: Action, mac = onMac): readonly string[] {
  return mac ? macKeys : keys;
}

/** What a key does here, given where the focus is. */
export function actionFor(key: string, typing: boolean, mac = onMac): Action | undefined {
  const here = ({ global, editorOnly }: Action) =>
    !editorOnly && (!typing || (global && key.length > 1));
  return actions.peek().find((action) => here(action) && keysOf(action, mac).includes(key));
}

/** Listens for keys that nobody has taken. A dialog has the keyboard for itself. */
export function followKeys(): void {
  addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.isComposing || document.querySelector("dialog[open]")) {
      return;
    }
    const action = actionFor(keyOf(event), isTyping(event.target));
    if (!action) return;
    event.preventDefault();
    if (isEnabled(action)) action.run();
  });
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || /^(?:INPUT|SELECT|TEXTAREA)$/.test(target.tagName))
  );
}
