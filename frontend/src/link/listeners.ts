/**
 * Tells the parts of the page what happened in a room, and keeps their exceptions from the room.
 *
 * A fault of a pane must not stop the connection. It is logged once, the other parts are told all the
 * same, and unsaved work goes on to be saved.
 */
import type { Signal } from "@preact/signals";

const logged = new Set<string>();

/** Run a function and log its exception. Returns whether it ran to its end. */
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

  /** Add listeners after the present ones. */
  add(listeners: readonly Partial<E>[]): void {
    this.#listeners = [...this.#listeners, ...listeners];
  }

  /** Tell every listener of an event, in the order in which they were added. */
  tell<K extends keyof E>(event: K, ...args: Parameters<E[K]>): void {
    for (const listener of this.#listeners) guarded(() => listener[event]?.(...args));
  }
}
