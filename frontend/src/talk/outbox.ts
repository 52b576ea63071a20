/**
 * Keeps messages on the device until the server has them. Each message has an item of its own, so a closed
 * tab loses nothing, and tabs do not overwrite one another's messages.
 *
 * Every tab may send every message, any number of times: the server keeps one for each nonce of a person.
 * So a duplicated or restored tab doubles nothing.
 */
import type { Said } from "./messages";

/** A message that is not sent yet. */
export interface Pending extends Said {
  /** When it was written, in ms since 1970. */
  at: number;
  /** Why the server has refused it. It is sent again only if the person asks for that. */
  refused?: string;
}

/** The methods of `localStorage` that an outbox uses. Each may throw. */
export type Storage = Pick<
  globalThis.Storage,
  "getItem" | "setItem" | "removeItem" | "key" | "length"
>;

const KEY = "collab.talk.key";

/** The secret of the person, the same in all rooms and tabs of this device. */
export function talkKey(storage: Storage): string {
  try {
    const kept = storage.getItem(KEY);
    if (kept && /^[0-9a-f]{48}$/.test(kept)) return kept;
  } catch {
    return randomHex(24);
  }
  const fresh = randomHex(24);
  try {
    storage.setItem(KEY, fresh);
  } catch {
    // It holds until the page is closed.
  }
  return fresh;
}

export class Outbox {
  readonly #storage: Storage;
  readonly #prefix: string;
  readonly #here = new Map<string, Pending>();
  /** Tells whether the device keeps all waiting messages. */
  kept = true;

  constructor(storage: Storage, room: string) {
    this.#storage = storage;
    this.#prefix = `collab.said.${room}.`;
    this.read();
  }

  /** The messages that are not sent yet, the oldest first. */
  get all(): Pending[] {
    return [...this.#here.values()].sort((a, b) => a.at - b.at);
  }

  /** Take in messages of other tabs. Those that they have sent already are sent again, which changes nothing. */
  read(): void {
    try {
      for (let i = 0; i < this.#storage.length; i++) {
        const key = this.#storage.key(i);
        if (!key?.startsWith(this.#prefix)) continue;
        const found = understood(this.#storage.getItem(key));
        if (found && !this.#here.has(found.nonce)) this.#here.set(found.nonce, found);
      }
    } catch {
      this.kept = false;
    }
  }

  /** Keep a message. */
  put(pending: Pending): void {
    this.#here.set(pending.nonce, pending);
    try {
      this.#storage.setItem(this.#prefix + pending.nonce, JSON.stringify(pending));
    } catch {
      this.kept = false;
    }
  }

  /** Drop a message that is kept by the server, or given up. */
  drop(nonce: string): void {
    this.#here.delete(nonce);
    try {
      this.#storage.removeItem(this.#prefix + nonce);
    } catch {
      // A later page sends it again, which changes nothing.
    }
  }
}

function understood(item: string | null): Pending | null {
  try {
    const { nonce, text, at, ...more } = JSON.parse(item ?? "null") as Pending;
    const valid = typeof nonce === "string" && typeof text === "string" && typeof at === "number";
    return valid ? { nonce, text, at, ...more } : null;
  } catch {
    return null;
  }
}

/** So many random bytes as hex digits. */
export function randomHex(count: number): string {
  const bytes = crypto.getRandomValues(new Uint8Array(count));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
