/**
 * One room as one client knows it, without I/O.
 *
 * Rule 1: what is committed moves forward only by entries, in order and without a gap.
 * Rule 2: at most one change is in flight; the others wait, in the order of their making, and an
 *         edit joins the last waiting edit of its file.
 * Rule 3: only the entry with the client id and the number in flight is an acknowledgement.
 * Rule 4: what a person sees is the committed text with the change in flight and the waiting ones.
 * Rule 5: `work` is all that another page needs to go on where this one was; see `restore`.
 * Rule 6: a committed text that cannot be the server's is read anew, and what differs comes like an
 *         edit of somebody else. Until then nothing is submitted for it.
 */
import { Committed } from "./committed";
import { codePoints, composeAll, type Operation, OperationError, transform } from "./ot";
import {
  type Change,
  type Checksums,
  type ClientId,
  type ClientMessage,
  decodeChange,
  type Entry,
  encodeChange,
  type File,
  type FileId,
  type FileInfo,
  type Joined,
  type Language,
  type Stretch,
  type Who,
  type WireChange,
} from "./protocol";

type Edit = Extract<Change, { kind: "edit" }>;
type SetLanguage = Extract<Change, { kind: "language" }>;
type SetName = Extract<Change, { kind: "name" }>;
type Submit = Extract<ClientMessage, { type: "submit" }>;

interface CommittedFile extends FileInfo {
  content: Committed;
}

/** An own change without its entry yet. */
interface Pending {
  change: Edit | SetLanguage | SetName;
  /** How many changes of the person it holds. */
  count: number;
}

interface InFlight extends Pending {
  seq: number;
  /** The server could not take it, so the text it was made on is read anew, once. */
  misfit?: boolean;
}

/**
 * All of a client's work that is not in the log, as it stands on a revision: enough for another page
 * to go on with it. Plain data, to be kept on a device.
 */
export interface Work {
  revision: number;
  /** The highest number given out. */
  seq: number;
  inFlight: (KeptChange & { seq: number }) | null;
  waiting: KeptChange[];
}

export interface KeptChange {
  change: WireChange;
  /** How many changes of the person it holds. */
  count: number;
}

/** What entries did. Operations and positions are those of the visible texts. */
export interface Received {
  /** By file, the edit of the visible text that brings it up to date. */
  edits: Map<FileId, Operation>;
  /** By author, own ones included, where their last edit left their caret. */
  carets: Map<ClientId, { file: FileId; position: number }>;
  /** Languages that others have chosen. */
  languages: { client: ClientId; file: FileId; language: Language }[];
  /** Names that others have given the room. */
  names: { client: ClientId; name: string }[];
}

export class RoomClient {
  /** The last revision known; null when the files must be fetched anew. */
  revision: number | null = null;
  client: ClientId = "";
  /** By the number that stands for each in entries. */
  #clients = new Map<number, ClientId>();
  #files = new Map<FileId, CommittedFile>();
  #name: string | null = null;
  #inFlight: InFlight | null = null;
  #waiting: Pending[] = [];
  /** Files whose committed texts cannot be the server's; whether they have been asked for. */
  #doubted = new Map<FileId, boolean>();
  /** How many changes stand on a text that we have given up; see `forget`. */
  #adrift = 0;
  #seq = 0;
  /** The highest number that restored work names, until the first `joined`. */
  #restored: number | null = null;
  #mostComponents = Number.POSITIVE_INFINITY;

  /** The files as the person sees them, but for their texts: a pending language is shown. */
  get files(): FileInfo[] {
    const files = [...this.#files.values()].map(({ content: _, ...file }) => file);
    for (const { change } of this.#pending()) {
      if (change.kind !== "language") continue;
      for (const file of files) if (file.id === change.file) file.language = change.language;
    }
    return files;
  }

  /** What the room is called as the person sees it: a pending name is shown. */
  get name(): string | null {
    const names = [...this.#pending()].map(({ change }) =>
      change.kind === "name" ? change.name : null,
    );
    return names.findLast((name) => name !== null) ?? this.#name;
  }

  /** The text of a file as the person sees it. */
  text(file: FileId): string {
    return this.#edits(file).reduce(
      (text, { operation }) => operation.apply(text),
      this.#file(file).content.text,
    );
  }

  /** Changes that are not acknowledged yet, as the person made them. */
  get unsaved(): number {
    return [...this.#pending()].reduce((sum, { count }) => sum + count, this.#adrift);
  }

  /** What is to be kept of all this. Null: nothing. Undefined: not to be told, after `forget`. */
  work(): Work | null | undefined {
    if (this.revision === null) return this.#adrift > 0 ? undefined : null;
    if (!this.#inFlight && this.#waiting.length === 0) return null;
    const kept = ({ change, count }: Pending) => ({ change: encodeChange(change), count });
    const own = this.#inFlight;
    return {
      revision: this.revision,
      seq: this.#seq,
      inFlight: own && { ...kept(own), seq: own.seq },
      waiting: this.#waiting.map(kept),
    };
  }

  /**
   * Go on with the work of a page that is gone, in a client that is new. The next `joined` must bring
   * the entries since its revision and the files. One number is left out: the page may have sent one
   * that was not written down any more.
   */
  restore({ revision, seq, inFlight, waiting }: Work): void {
    const pending = ({ change, count }: KeptChange) => ({
      change: decodeChange(change) as Pending["change"],
      count,
    });
    this.revision = revision;
    this.#seq = seq + 1;
    this.#restored = seq;
    this.#inFlight = inFlight && { ...pending(inFlight), seq: inFlight.seq };
    this.#waiting = waiting.map(pending);
  }

  /** Whether it has work that it has no text for, so that `joined` must bring both. */
  get restored(): boolean {
    return this.#restored !== null;
  }

  // Own changes

  /** Take a local edit of the visible text. */
  edit(file: FileId, operation: Operation): void {
    if (this.revision === null) {
      this.#adrift++;
      return;
    }
    const last = this.#waiting.find(({ change }) => change.kind === "edit" && change.file === file);
    if (!last) {
      this.#waiting.push({ change: { kind: "edit", file, operation }, count: 1 });
      return;
    }
    const joined = (last.change as Edit).operation.composePending(operation);
    last.change = { kind: "edit", file, operation: joined };
    last.count++;
    if (joined.isNoop()) this.#waiting.splice(this.#waiting.indexOf(last), 1);
  }

  setLanguage(file: FileId, language: Language): void {
    if (this.revision === null) return;
    this.#waiting = this.#waiting.filter(
      ({ change }) => change.kind !== "language" || change.file !== file,
    );
    const shown = this.files.find(({ id }) => id === file);
    if (shown?.language === language) return;
    this.#waiting.push({ change: { kind: "language", file, language }, count: 1 });
  }

  setName(name: string): void {
    if (this.revision === null) return;
    this.#waiting = this.#waiting.filter(({ change }) => change.kind !== "name");
    if (this.name === name) return;
    this.#waiting.push({ change: { kind: "name", name }, count: 1 });
  }

  /** Put the next waiting change in flight. Null when one is already, or there is none. */
  next(): Submit | null {
    if (this.#inFlight || this.revision === null) return null;
    const [next] = this.#waiting;
    if (!next || this.#isDoubted(next.change)) return null;
    this.#waiting.shift();
    if (next.change.kind === "edit") this.#keepToLimit(next, next.change);
    this.#seq++;
    this.#inFlight = { ...next, seq: this.#seq };
    return this.inFlight();
  }

  /** Of an edit with more components than may be sent, all but the end goes on waiting. */
  #keepToLimit(next: Pending, { file, operation }: Edit): void {
    if (operation.components.length <= this.#mostComponents) return;
    const [end, rest] = operation.splitEnd(this.#mostComponents);
    next.change = { kind: "edit", file, operation: end };
    this.#waiting.unshift({ change: { kind: "edit", file, operation: rest }, count: next.count });
    next.count = 0;
  }

  /**
   * The change in flight, carried to the last known revision: to be sent again after a `joined`, and
   * after a text was read. Null while its text is in doubt.
   */
  inFlight(): Submit | null {
    if (!this.#inFlight || this.revision === null) return null;
    const { seq, change } = this.#inFlight;
    if (this.#isDoubted(change)) return null;
    return { type: "submit", seq, revision: this.revision, change: encodeChange(change) };
  }

  // What the server says

  /**
   * Take the answer to `join`. Returns what entries did; or, where it brought files, null: then
   * every visible text is what `text` gives now. Throws OperationError where restored work does not
   * fit what the server says.
   */
  joined(message: Joined): Received | null {
    if (this.#restored !== null && this.#waiting.length > 0 && message.seq > this.#restored) {
      // What waits may be a part of it.
      throw new OperationError(`change ${message.seq} is not told of, only ${this.#restored}`);
    }
    if (message.files) {
      this.#files = new Map(message.files.map((file) => [file.id, committed(file)]));
      this.#name = message.name ?? null;
      if (!this.restored) this.revision = message.revision;
      this.#adrift = 0;
    }
    this.#doubted.clear();
    this.client = message.client;
    this.#clients = new Map([[message.number, message.client]]);
    for (const { client, number } of message.people) this.meet(client, number);
    this.#mostComponents = message.limits.components;
    this.#seq = Math.max(this.#seq, message.seq);
    const received = message.entries ? this.#catchUp(message.entries) : null;
    this.verify(message.revision, message.checksums);
    return message.files ? null : received;
  }

  /** Read what happened meanwhile. Restored work alone is carried past it: the texts have it. */
  #catchUp(entries: readonly (Entry | Stretch)[]): Received {
    const first = (this.revision ?? 0) + 1;
    if (!this.restored) return this.receive(first, entries);
    for (const { content } of this.#files.values()) content.ahead = true;
    const received = this.receive(first, entries);
    for (const { content } of this.#files.values()) content.ahead = false;
    this.#restored = null;
    this.#checkFit();
    return received;
  }

  /** Somebody is in the room, and has this number if any. */
  meet(client: ClientId, number: number | undefined): void {
    if (number !== undefined) this.#clients.set(number, client);
  }

  /**
   * Take committed entries, the first having this revision; some of them may come as a stretch.
   * Throws OperationError for a gap, and for the number of nobody.
   */
  receive(first: number, entries: readonly (Entry | Stretch)[]): Received {
    const known = this.revision;
    if (known === null || first !== known + 1) {
      throw new OperationError(`revision ${first} came after revision ${known}`);
    }
    const received: Received = { edits: new Map(), carets: new Map(), languages: [], names: [] };
    let others: Edit[] = [];
    let last = known;
    for (const entry of entries) {
      if ("changes" in entry) {
        last += entry.count;
        for (const change of entry.changes) {
          if (change.kind === "edit") others.push(change);
          else this.#commit(change);
        }
        continue;
      }
      last++;
      const client = this.#client(entry.who);
      this.#follow(received.carets, client, entry.change);
      if (client === this.client && entry.seq === this.#inFlight?.seq) {
        this.#read(others, received.edits);
        others = [];
        this.#acknowledge(entry.change, received.edits);
      } else if (entry.change.kind === "edit") {
        others.push(entry.change);
      } else {
        this.#commit(entry.change);
        if (entry.change.kind === "language") {
          const { file, language } = entry.change;
          received.languages.push({ client, file, language });
        } else if (entry.change.kind === "name") {
          received.names.push({ client, name: entry.change.name });
        }
      }
    }
    this.#read(others, received.edits);
    this.revision = last;
    for (const caret of received.carets.values())
      caret.position = this.place(caret.file, caret.position);
    return received;
  }

  /** Compare what is committed with what the server has. */
  verify(revision: number, checksums: Checksums): void {
    if (revision !== this.revision) return;
    for (const [file, expected] of Object.entries(checksums)) {
      const { content } = this.#file(file);
      if (content.torn || content.checksum !== expected) this.#doubt(file);
    }
  }

  /** The files to read. Each is named once. */
  reads(): FileId[] {
    const files = [...this.#doubted.keys()].filter((file) => !this.#doubted.get(file));
    for (const file of files) this.#doubted.set(file, true);
    return files;
  }

  /** Take a text as the server has it. Returns the edit of the visible one, if they differed. */
  mend(file: FileId, revision: number, text: string): Operation | null {
    if (revision !== this.revision) return null;
    this.#doubted.delete(file);
    const edit = this.#file(file).content.replace(text);
    return edit.isNoop() ? null : this.#carry(file, edit);
  }

  /** The server could not take the change in flight. Returns whether reading its text may help. */
  misfit(seq: number): boolean {
    const own = this.#inFlight;
    if (own?.seq !== seq || own.misfit || own.change.kind !== "edit") return false;
    own.misfit = true;
    this.#doubt(own.change.file);
    return true;
  }

  /**
   * The change in flight will not be committed. Returns the edit that takes it out of the visible
   * text, if there is one, and the text it had inserted; null when another change or none is in flight.
   */
  refused(seq: number): { file: FileId | null; edit: Operation | null; lost: string } | null {
    if (this.#inFlight?.seq !== seq) return null;
    const { change } = this.#inFlight;
    this.#inFlight = null;
    if (change.kind !== "edit") return { file: fileOf(change), edit: null, lost: "" };
    const { file, operation } = change;
    const edit = this.#carry(file, operation.invert(this.#file(file).content.text));
    const lost = operation.components.filter((c) => typeof c === "string").join("\n");
    return { file, edit, lost };
  }

  /**
   * What we hold is not what the server has, so the next `join` asks for the files. The visible
   * texts are the caller's to set aside, with what is typed into them until `joined`.
   */
  forget(): void {
    this.#adrift = this.unsaved;
    this.#inFlight = null;
    this.#waiting = [];
    this.#doubted.clear();
    this.#restored = null;
    this.revision = null;
  }

  /** Where a position of the committed text is in the visible one, left of own insertions there. */
  place(file: FileId, position: number): number {
    const inside = Math.min(position, this.#edits(file)[0]?.operation.baseLength ?? position);
    return this.#edits(file).reduce((at, { operation }) => operation.map(at), inside);
  }

  /** Others' edits, which followed one another: into the committed texts, then past own work. */
  #read(edits: readonly Edit[], visible: Map<FileId, Operation>): void {
    for (const file of new Set(edits.map((edit) => edit.file))) {
      const parts = edits.filter((edit) => edit.file === file).map(({ operation }) => operation);
      const operation = composeAll(parts);
      if (this.#file(file).content.edit(operation)) this.#see(file, operation, visible);
      else this.#doubt(file);
    }
  }

  /** An edit of what own work stands on, among what there is to see. */
  #see(file: FileId, operation: Operation, visible: Map<FileId, Operation>): void {
    const seen = this.#carry(file, operation);
    visible.set(file, visible.get(file)?.compose(seen) ?? seen);
  }

  /** Past the change in flight and the waiting ones, which are rebased. Returns the visible edit. */
  #carry(file: FileId, operation: Operation): Operation {
    let carried = operation;
    for (const pending of this.#pending()) {
      const { change } = pending;
      if (change.kind !== "edit" || change.file !== file) continue;
      const [after, rebased] = transform(carried, change.operation);
      pending.change = { ...change, operation: rebased };
      carried = after;
    }
    return carried;
  }

  /** The log has the change in flight; otherwise than we do, if one of us was wrong about a text. */
  #acknowledge(change: Change, visible: Map<FileId, Operation>): void {
    const own = this.#inFlight?.change;
    this.#inFlight = null;
    if (own?.kind !== change.kind || fileOf(own) !== fileOf(change)) {
      throw new OperationError("the acknowledged change is not the one in flight");
    }
    if (own?.kind === "edit" && change.kind === "edit") {
      const { content } = this.#file(own.file);
      const edit = content.acknowledge(own.operation, change.operation);
      if (edit) this.#see(own.file, edit, visible);
      if (content.torn) this.#doubt(own.file);
    } else if (change.kind !== "edit") {
      this.#commit(change);
    }
  }

  #commit(change: Exclude<Change, Edit>): void {
    if (this.restored) return;
    if (change.kind === "add") {
      const { file: id, path, language, text } = change;
      this.#files.set(id, committed({ id, path, language, text }));
      return;
    }
    if (change.kind === "name") {
      this.#name = change.name;
      return;
    }
    const file = this.#file(change.file);
    file.language = change.language;
  }

  /** An edit carries the carets before it along, and leaves its author's where it ended. */
  #follow(carets: Received["carets"], client: ClientId, change: Change): void {
    if (change.kind !== "edit") return;
    const { file, operation } = change;
    for (const caret of carets.values()) {
      if (caret.file === file) caret.position = operation.map(caret.position);
    }
    const position = endOf(operation);
    if (position !== null) carets.set(client, { file, position });
  }

  #client(who: Who): ClientId {
    const client = typeof who === "number" ? this.#clients.get(who) : who;
    if (client === undefined) throw new OperationError(`nobody has the number ${who}`);
    return client;
  }

  /** Throws OperationError where own work does not fit the texts. */
  #checkFit(): void {
    for (const { change } of this.#pending()) if (change.kind !== "name") this.#file(change.file);
    for (const [id, { content }] of this.#files) {
      let { length } = content;
      for (const { operation } of this.#edits(id)) {
        if (operation.baseLength !== length) {
          throw new OperationError(`kept work spans ${operation.baseLength} of ${length}`);
        }
        length = operation.targetLength;
      }
    }
  }

  #doubt(file: FileId): void {
    if (!this.#doubted.has(file)) this.#doubted.set(file, false);
  }

  #isDoubted(change: Change): boolean {
    const file = fileOf(change);
    return file !== null && this.#doubted.has(file);
  }

  *#pending(): Iterable<Pending> {
    if (this.#inFlight) yield this.#inFlight;
    yield* this.#waiting;
  }

  #edits(file: FileId): Edit[] {
    const edits: Edit[] = [];
    for (const { change } of this.#pending()) {
      if (change.kind === "edit" && change.file === file) edits.push(change);
    }
    return edits;
  }

  #file(id: FileId): CommittedFile {
    const file = this.#files.get(id);
    if (!file) throw new OperationError(`there is no file ${id}`);
    return file;
  }
}

function fileOf(change: Change): FileId | null {
  return change.kind === "name" ? null : change.file;
}

function committed({ text, ...file }: File): CommittedFile {
  return { ...file, content: new Committed(text) };
}

/** The end of an edit's last insertion, or its last deletion when that comes later; null for neither. */
function endOf(edit: Operation): number | null {
  let end: number | null = null;
  let position = 0;
  for (const component of edit.components) {
    if (typeof component === "string") {
      position += codePoints(component);
      end = position;
    } else if (component < 0) end = position;
    else position += component;
  }
  return end;
}
