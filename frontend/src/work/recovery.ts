/** Keeps texts that will not be saved on the device, until their author has taken or dismissed them. */
import { type ReadonlySignal, signal } from "@preact/signals";
import { download } from "../ui/download";
import type { Claims } from "./claims";
import { asideRecord, type Found, randomKey, understood } from "./records";
import type { Shelf } from "./shelf";

export interface Aside {
  key: string;
  why: string;
  /** The time at which it was set aside, in ms since 1970. */
  at: number;
  text: string;
  /** Tells whether this tab may be closed: the text is on the device, or its author has it or does not want it. */
  safe: boolean;
}

export class Recovery {
  readonly #room: string;
  readonly #shelf: Shelf;
  readonly #claims: Claims;
  readonly #aside = signal<readonly Aside[]>([]);
  readonly aside: ReadonlySignal<readonly Aside[]> = this.#aside;

  constructor(room: string, shelf: Shelf, claims: Claims) {
    this.#room = room;
    this.#shelf = shelf;
    this.#claims = claims;
  }

  /** Set a text aside. Returns its key. */
  add(why: string, text: string): string {
    const key = randomKey();
    const { at } = this.#show({ key, why, at: Date.now(), text, safe: false });
    // The claim keeps other tabs from offering it as long as this tab lives.
    this.#claims
      .claim(key, new AbortController().signal)
      .then(() => this.#shelf.put({ ...asideRecord(this.#room, key, why, text), at }))
      .then(() => this.#saved(key))
      .catch(() => {}); // it stays in this tab
    return key;
  }

  /** Add a text that an earlier page has left, or work that this version of the page cannot read. */
  found(found: Found): Aside {
    const record = understood(found);
    return this.#show(
      record?.kind === "aside"
        ? { key: record.key, why: record.why, at: record.at, text: record.text, safe: true }
        : { key: found.key, why: UNREADABLE, at: found.at, text: asJson(found), safe: true },
    );
  }

  /** The author has taken or dismissed the text. It is removed when this tab is closed. */
  drop(key: string): void {
    this.#saved(key);
    this.#shelf.remove(key).catch(() => {});
  }

  /** Download all texts as one file. */
  download(): void {
    const name = `collab-recovery-${this.#room.slice(0, 8)}.txt`;
    download(name, fileOf(this.#room, this.#aside.peek()));
  }

  #saved(key: string): void {
    const saved = (aside: Aside) => (aside.key === key ? { ...aside, safe: true } : aside);
    this.#aside.value = this.#aside.peek().map(saved);
  }

  #show(aside: Aside): Aside {
    this.#aside.value = [...this.#aside.peek().filter(({ key }) => key !== aside.key), aside];
    return aside;
  }
}

const UNREADABLE = "Another version of the page has kept this work, and this one cannot read it.";

/** The recovery file, for people to read. */
export function fileOf(room: string, aside: readonly Aside[]): string {
  const parts = aside.map(
    ({ why, at, text }) => `--- ${new Date(at).toISOString()}: ${why}\n\n${text}\n`,
  );
  return [`Texts from the Collab room ${room} that were not saved.\n`, ...parts].join("\n");
}

function asJson(found: Found): string {
  return JSON.stringify(found, null, 1);
}
