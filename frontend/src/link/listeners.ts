/**
 * Tells the parts of the page what a room did, and keeps their exceptions from the room.
 *
 * A fault in what is shown says nothing about the wire. It is logged once, the other parts are told
 * all the same, and the work that is not saved yet goes on.
 */
import type { Signal } from "@preact/signals";

const logged = new Set<string>();

/** Run something that may fail without harm to anything else. Returns whether it ran to its end. */
export function guarded(act: () => void): boolean {
  try {
    act();
    return true;
  } catch (error) {
    // The same fault may come with every keystroke.
    // biome-ignore lint/suspicious/noConsole: whoever reports a broken pane finds the stack there
    if (!logged.has(String(error))) console.error(error);
    logged.add(String(error));
    return false;
  }
}

/** Give a signal a value. An effect or a component that follows the signal may throw; the signal has the value. */
export function publish<T>(signal: Signal<T>, value: T): void {
  guarded(() => {
    signal.value = value;
  });
}

// biome-ignore lint/suspicious/noExplicitAny: the arguments of an event are checked where it is told
type Events<E> = { [K in keyof E]: (...args: any[]) => void };

export class Listeners<E extends Events<E>> {
  #listeners: readonly Partial<E>[];

  constructor(listeners: readonly Partial<E>[]) {
    this.#listeners = listeners;
  }

  /** Tell these as well, after those that are there. */
  add(listeners: readonly Partial<E>[]): void {
    this.#listeners = [...this.#listeners, ...listeners];
  }

  /** Tell every listener of an event, in their order. */
  tell<K extends keyof E>(event: K, ...args: Parameters<E[K]>): void {
    for (const listener of this.#listeners) guarded(() => listener[event]?.(...args));
  }
}
