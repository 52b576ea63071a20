/** The server's half of PROTOCOL.md in memory: one file, one list of entries. */

import {
  type Checksums,
  type ClientMessage,
  decode,
  type Entry,
  encodeChange,
  type Joined,
  type Language,
  type ServerMessage,
} from "../link/protocol";
import { checksum, composeAll, Operation, transform } from "../ot";

type Submit = Extract<ClientMessage, { type: "submit" }>;
type Committed = [string, number, Submit["change"]];

export const FILE = "main";

export class CommittedLog {
  readonly entries: Committed[] = [];
  text: string;
  #language: Language | undefined;
  #name: string | undefined;
  readonly #first: string;
  readonly #longest: number;

  constructor(text: string, longest: number) {
    this.text = text;
    this.#first = text;
    this.#longest = longest;
  }

  get revision(): number {
    return this.entries.length;
  }

  /**
   * The answer to a submission: what everybody is told, what the client alone is, or nothing.
   * Throws OperationError where it does not fit.
   */
  submit(client: string, { seq, revision, change }: Submit): "committed" | "refused" | "known" {
    if (seq <= this.settled(client)) return "known";
    let committed = change;
    if (change[0] === "edit") {
      let operation = Operation.decode(change[2]);
      for (const past of this.#editsAfter(revision)) operation = transform(past, operation)[1];
      const text = operation.apply(this.text);
      if (operation.targetLength > Math.max(this.#longest, operation.baseLength)) return "refused";
      this.text = text;
      committed = ["edit", FILE, operation.encode()];
    } else if (change[0] === "language") {
      this.#language = change[2] ?? undefined;
    } else if (change[0] === "name") {
      this.#name = change[1];
    }
    this.entries.push([client, seq, committed]);
    return "committed";
  }

  /** The highest number of this client in the log. */
  settled(client: string): number {
    return Math.max(0, ...this.entries.filter(([by]) => by === client).map(([, seq]) => seq));
  }

  /** The frame of the last `count` entries, as it goes over the wire. */
  frame(count: number): ServerMessage {
    const first = this.revision - count + 1;
    return overTheWire([first, ...this.entries.slice(first - 1).map(onTheWire)]);
  }

  /** Without a revision the files; with one the entries since, and the files beside them for `text`. */
  joined(client: string, revision: number | undefined, text = false): Joined {
    const language = this.#language && { language: this.#language };
    const files = [{ id: FILE, name: "main.py", ...language, text: this.text }];
    const entries = revision === undefined ? undefined : this.#missed(client, revision);
    const known = { ...(entries && { entries }), ...((text || !entries) && { files }) };
    return overTheWire({
      type: "joined",
      client,
      number: 1,
      seq: this.settled(client),
      revision: this.revision,
      updated_at: 0,
      people: [],
      name: this.#name,
      checksums: this.checksums,
      limits: { text: this.#longest, components: 9 },
      ...known,
    }) as Joined;
  }

  get checksums(): Checksums {
    return { [FILE]: checksum(this.text) };
  }

  /** The text that the log gives when it is folded anew. */
  fold(): string {
    const edits = this.#editsAfter(0);
    return edits.length > 0 ? composeAll(edits).apply(this.#first) : this.#first;
  }

  /** Return what a client has missed: what others did between its own entries as stretches. */
  #missed(client: string, revision: number): unknown[] {
    const news: unknown[] = [];
    let others: Committed[] = [];
    const stretch = () => {
      const edits = others.filter(([, , { 0: kind }]) => kind === "edit");
      const operations = edits.map(([, , change]) => Operation.decode(change[2]));
      const edit = ["edit", FILE, operations.length && composeAll(operations).encode()];
      const last = (kind: string) =>
        others
          .map(([, , change]) => change)
          .filter((change) => change[0] === kind)
          .slice(-1);
      if (others.length === 0) return;
      news.push([
        others.length,
        [...(operations.length > 0 ? [edit] : []), ...last("language"), ...last("name")],
      ]);
      others = [];
    };
    for (const entry of this.entries.slice(revision)) {
      if (entry[0] === client) {
        stretch();
        news.push(onTheWire(entry));
      } else others.push(entry);
    }
    stretch();
    return news;
  }

  #editsAfter(revision: number): Operation[] {
    const edits = this.entries.slice(revision).filter(([, , change]) => change[0] === "edit");
    return edits.map(([, , change]) => Operation.decode(change[2]));
  }
}

/** An entry as the log of another server would hand it on. */
export function entry(who: string, seq: number, components: (number | string)[]): Entry {
  const operation = new Operation(components);
  return { who, seq, change: { kind: "edit", file: FILE, operation } };
}

function onTheWire([client, seq, change]: Committed): unknown {
  return change[0] === "edit" ? [client, seq, change[1], change[2]] : [client, seq, change];
}

/** A message after JSON has carried it, so that nobody shares objects with anybody. */
export function overTheWire(message: unknown): ServerMessage {
  return decode(JSON.stringify(message));
}

export { encodeChange };
