/** The page's requests about the past. Every call throws an Error with words for people. */
import { at } from "../base";
import type { Component } from "../ot";
import type { Asker } from "../people/asker";
import type { Painted } from "./authorship";

export interface Someone {
  person: string;
  name: string;
}

export interface Bucket {
  /** The last revision of the bucket, and when it was, in ms since 1970. */
  revision: number;
  at: number;
  people: readonly { who: number; entries: number; inserted: number; deleted: number }[];
}

export interface Mark {
  kind: "version" | "import" | "restore" | "undo" | "replace" | "format" | "run" | "pause";
  revision: number;
  at: number;
  who: number;
  name?: string;
  of?: number;
}

export interface Heat {
  start: number;
  end: number;
  head: number;
  people: readonly Someone[];
  buckets: readonly Bucket[];
  marks: readonly Mark[];
  /** The number of messages that people sent in the time of the bucket that ends with a revision. */
  messages: readonly { revision: number; count: number }[];
}

export interface Version {
  revision: number;
  name: string;
  author: string;
  at: number;
  entries: number;
  inserted: number;
  deleted: number;
  people: readonly Someone[];
}

export interface PastFile {
  id: string;
  path: string;
  /** Null for an asset. */
  language: string | null;
}

export interface Burst extends Someone {
  first: number;
  last: number;
  at: number;
  until: number;
  origin: string | null;
}

export interface Blame {
  revision: number;
  id: string;
  path: string;
  /** A burst, and how many code points of it. */
  runs: Painted;
  bursts: Readonly<Record<number, Burst>>;
}

export interface Written extends Blame {
  text: string;
}

/** The operation from one revision of a text to another one, earlier or later. */
export interface Step {
  start: number;
  end: number;
  id: string;
  /** Null if the text is the same. */
  operation: readonly Component[] | null;
  /** The authors of the texts that it inserts. */
  runs: Painted;
  bursts: Readonly<Record<number, Burst>>;
  /** Tells whether the files and their places are the same. */
  tree: "same" | "changed";
}

export interface Difference {
  id: string;
  status: "added" | "removed" | "moved" | "changed";
  before: string | null;
  path: string | null;
  inserted: number;
  deleted: number;
  operation: readonly Component[] | null;
}

export interface PastEntry {
  revision: number;
  at: number;
  author: string;
  person?: string;
  change: readonly [string, ...unknown[]];
}

export interface GoneBack {
  revision: number;
  files: readonly Difference[];
}

/** The part to restore: the whole room, or one file or folder. */
export interface Restore {
  revision: number;
  id?: string;
  path?: string;
  selection?: { start: number; end: number };
}

const UNREACHABLE = "The server does not answer. Try again when you are online.";

export class PastApi {
  readonly #room: string;
  readonly #asker: () => Asker;

  constructor(room: string, asker: () => Asker) {
    this.#room = room;
    this.#asker = asker;
  }

  heat(buckets: number): Promise<Heat> {
    return this.#json(`history?buckets=${buckets}`);
  }

  versions(): Promise<Version[]> {
    return this.#json("versions");
  }

  files(revision: number): Promise<{ files: PastFile[] }> {
    return this.#json(`tree?revision=${revision}`);
  }

  written(file: string, revision: number): Promise<Written> {
    return this.#json(`blame/${file}?revision=${revision}&text=true`);
  }

  blame(file: string, revision: number): Promise<Blame> {
    return this.#json(`blame/${file}?revision=${revision}`);
  }

  step(file: string, from: number, to: number): Promise<Step> {
    return this.#json(`step/${file}?from=${from}&to=${to}`);
  }

  diff(from: number, to: number): Promise<{ files: Difference[] }> {
    return this.#json(`diff?from=${from}&to=${to}`);
  }

  diffOf(file: string, from: number, to: number): Promise<{ files: Difference[] }> {
    return this.#json(`diff?from=${from}&to=${to}&file=${file}`);
  }

  async patch(from: number, to: number): Promise<string> {
    return (await this.#ask(`diff?from=${from}&to=${to}&format=patch`)).text();
  }

  entries(after: number): Promise<{ entries: PastEntry[]; next: number | null }> {
    return this.#json(`entries?after=${after}&limit=1000`);
  }

  name(name: string, revision: number | null): Promise<Version> {
    return this.#json("versions", { name, revision });
  }

  rename(name: string, revision: number): Promise<Version> {
    return this.#json(`versions/${revision}`, { name }, "PATCH");
  }

  restore(what: Restore, preview: boolean): Promise<GoneBack> {
    return this.#json("restore", { ...what, preview });
  }

  takeBack(person: string, since: number, preview: boolean): Promise<GoneBack> {
    return this.#json("undo", { person, since, preview });
  }

  async #json<T>(path: string, body?: unknown, method = "POST"): Promise<T> {
    return (await this.#ask(path, body, method)).json();
  }

  async #ask(path: string, body?: unknown, method = "POST"): Promise<Response> {
    const asked = body !== undefined && {
      method,
      headers: { "Content-Type": "application/json", ...this.#asker() },
      body: JSON.stringify(body),
    };
    const answer = await fetch(at(`/rooms/${this.#room}/${path}`), asked || {}).catch(() => {
      throw new Error(UNREACHABLE);
    });
    if (answer.ok) return answer;
    const { detail } = (await answer.json().catch(() => ({}))) as { detail?: unknown };
    throw new Error(
      answer.status < 500 && typeof detail === "string" && detail ? detail : UNREACHABLE,
    );
  }
}
