/**
 * Everything a person can do on the page, as data. The palette, the shortcut sheet, tips and menus
 * read it; `followKeys` turns keys into actions wherever the editor does not do so itself.
 */
import { computed, type ReadonlySignal, signal } from "@preact/signals";
import type { IconNode } from "lucide";
import { keyOf, onMac } from "./keys";

/** The sections, in the order of the palette and the shortcut sheet. */
export const SECTIONS = [
  "People",
  "File",
  "Edit",
  "Select",
  "Suggest",
  "Run",
  "Go to",
  "View",
  "Room",
  "Help",
] as const;
export type Section = (typeof SECTIONS)[number];

export interface Action {
  /** A unique id that never changes, like "edit.undo". */
  id: string;
  /** The words of a button for it. A function may read signals. */
  title: string | (() => string);
  section: Section;
  icon?: IconNode;
  /** Other words that people look for. */
  words?: string;
  /** Its name in one word. A search for that word finds it first. */
  alias?: string;
  /** Like "Mod-Shift-k" or "?"; Mod is Cmd on a Mac and Ctrl elsewhere. The first one is shown. */
  keys?: readonly string[];
  /** Its keys on a Mac, if they differ. */
  macKeys?: readonly string[];
  /** Its rank in the menu of a phone, which has what fits nowhere else. Left out: it is not in that menu. */
  more?: number;
  /** Its keys also work in the editor and in fields, unless they are plain characters. */
  global?: boolean;
  /** Its keys work only in the editor, which listens for them itself. */
  editorOnly?: boolean;
  /** Tell whether it can be done now; left out: always. Reads signals. */
  enabled?(): boolean;
  /** For a choice: whether it is the chosen one. Reads signals. */
  checked?(): boolean;
  run(): void;
}

const groups = signal<readonly (readonly Action[])[]>([]);

/** All actions by section, in each section in the order in which they were added. */
export const actions: ReadonlySignal<readonly Action[]> = computed(() => {
  const all = groups.value.flat();
  return SECTIONS.flatMap((section) => all.filter((action) => action.section === section));
});

/** Add actions. Returns a function that removes them. */
export function register(group: readonly Action[]): () => void {
  groups.value = [...groups.peek(), group];
  return () => {
    groups.value = groups.peek().filter((other) => other !== group);
  };
}

/** The action with this id, if there is one. */
export function find(id: string): Action | undefined {
  return actions.value.find((action) => action.id === id);
}

/** Do the action with this id, if there is one and it can be done. */
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

/** The action of a key, given where the focus is. */
export function actionFor(key: string, typing: boolean, mac = onMac): Action | undefined {
  const here = ({ global, editorOnly }: Action) =>
    !editorOnly && (!typing || (global && key.length > 1));
  return actions.peek().find((action) => here(action) && keysOf(action, mac).includes(key));
}

/** Listen for keys that nothing else has handled. A dialog has the keyboard for itself. */
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
