/**
 * One room as one client knows it, without I/O.
 *
 * Rule 1: what is committed moves forward only by entries, in order and without a gap.
 * Rule 2: at most one change is in flight; the others wait, in the order of their making. An edit
 *         joins the last waiting edit of its file, unless a change of another kind waits after that,
 *         or the two edits have different origins.
 * Rule 3: only the entry with the client id and the number in flight is an acknowledgement.
 * Rule 4: what a person sees is the committed text with the change in flight and the waiting ones.
 * Rule 5: `work` is all that another page needs to go on where this one was; see `restore`.
 * Rule 6: of a file that it does not hold it knows the name and the place, and passes over the edits.
 * Rule 7: a committed text that cannot be the server's is read anew, and what differs comes like an
 *         edit of somebody else. Until then nothing is submitted for it.
 */

import {
  type Change,
  type Checksums,
  type ClientId,
  type ClientMessage,
  type Entry,
  encodeChange,
  type Facts,
  type FileId,
  type FileInfo,
  type Joined,
  type Origin,
  type Outline,
  type Stretch,
  type Who,
} from "../link/protocol";
import { type Operation, OperationError } from "../ot";
import { alters, editsOf, fileOf, overlay, partsOf } from "./changes";
import { CommittedFiles, type TreeTold } from "./files";
import { filesIn } from "./infos";
import { OwnWork, type Work } from "./ownWork";
import { Reading, type Received } from "./reading";
import { Tree } from "./tree";

/** A part of a change that was refused. */
export interface Refused {
  file: FileId | null;
  edit: Operation | null;
  lost: string;
}

type Submit = Extract<ClientMessage, { type: "submit" }>;

/** The texts of a room at a revision. */
export interface KnownTexts extends Partial<Facts>, TreeTold {
  revision: number;
}

export class RoomClient {
  /** The last revision known; null when the files must be fetched anew. */
  revision: number | null = null;
  client: ClientId = "";
  /** The clients by the numbers that stand for them in entries. */
  #clients = new Map<number, ClientId>();
  readonly #lazy: boolean;
  readonly #files = new CommittedFiles();
  readonly #work = new OwnWork();
  /** Tells whether the texts are those that `open` set, with no `joined` since. */
  #opened = false;
  /** The last outline, with the version and the own changes that it was made from. */
  #shown: { version: number; choices: readonly Change[]; outline: Outline } | null = null;
  /** The number of changes made on a text that was given up; see `forget`. */
  #adrift = 0;
  #mostComponents = Number.POSITIVE_INFINITY;

  /**
   * A lazy client holds the files that `want` names and the files with own work. Any other client holds
   * all files.
   */
  constructor(lazy = false) {
    this.#lazy = lazy;
  }

  /**
   * The room as the person sees it, except for its texts: the committed room with the pending own
   * changes.
   */
  get outline(): Outline {
    const choices = this.#work.choices();
    const known = this.#shown;
    if (known?.version === this.#files.version && isOneList(known.choices, choices)) {
      return known.outline;
    }
    const outline = { tree: new Tree(this.#files.tree), facts: { ...this.#files.facts } };
    for (const change of choices) overlay(change, outline);
    this.#shown = { version: this.#files.version, choices, outline };
    return outline;
  }

  /** The living files as the person sees them. The same outline always gives the same list. */
  get infos(): readonly FileInfo[] {
    return filesIn(this.outline);
  }

  /** Return the text of a file as the person sees it. Throws OperationError when the text is not here. */
  text(file: FileId): string {
    const begun = this.#files.has(file) ? undefined : this.#work.begun(file);
    return this.#work.visible(file, begun ?? this.#files.content(file).text);
  }

  /** Tell whether the text of a file is here: the file is held, or a pending own change adds it. */
  has(file: FileId): boolean {
    return this.#files.has(file) || this.#work.begun(file) !== undefined;
  }

  /** Ask to hold the text of a file. If the text is not here, `reads` names the file. */
  want(file: FileId): void {
    if (!this.has(file)) this.#files.want(file);
  }

  /**
   * The files that `join` must name: those that this client holds, and those whose texts the answer
   * must bring.
   */
  get holds(): FileId[] {
    const brought = this.revision === null || this.restored ? this.#files.wanted : [];
    return [...new Set([...this.#files.ids, ...this.#work.files, ...brought])];
  }

  /** The files that the own work changes. */
  get workedOn(): ReadonlySet<FileId> {
    return this.#work.files;
  }

  /**
   * Return where a position of the committed text is in the visible text: left of own insertions at
   * that place.
   */
  place(file: FileId, position: number): number {
    return this.#work.place(file, position);
  }

  /** The number of the person's changes that are not acknowledged yet. */
  get unsaved(): number {
    return this.#adrift + this.#work.count;
  }

  /**
   * Return the work to keep on the device: null when there is none, undefined when it is unknown after
   * `forget`.
   */
  work(): Work | null | undefined {
    if (this.revision !== null) return this.#work.keep(this.revision);
    return this.#adrift > 0 ? undefined : null;
  }

  /**
   * Start a new client from texts that are known at a revision. The next `joined` brings the entries
   * since then.
   */
  open({ revision, files, folders, assets, ...facts }: KnownTexts): void {
    this.#files.load({ files, folders: folders ?? [], assets: assets ?? [] }, facts);
    this.revision = revision;
    this.#opened = true;
  }

  /**
   * Continue the work of a page that is gone, in a new client. The next `joined` must bring the entries
   * since the work's revision, and also the files, unless `open` brought those of that revision. Throws
   * OperationError when the work does not fit the opened texts.
   */
  restore(work: Work): void {
    this.revision = work.revision;
    this.#work.restore(work);
    if (this.#opened) this.#work.fit(this.#files);
  }

  /** Tells whether there is work without texts, so that `joined` must bring the entries and the files. */
  get restored(): boolean {
    return this.#work.restored && !this.#opened;
  }

  /** The committed texts at this moment; null when there are none. */
  get texts(): KnownTexts | null {
    const { revision } = this;
    if (revision === null || this.restored) return null;
    return { ...this.#files.facts, revision, ...this.#files.told };
  }

  // Own changes

  /**
   * Take a change that the person makes here. An edit applies to the visible text. Any other change is
   * dropped if it would alter nothing that is shown.
   */
  submit(change: Change, origin?: Origin): void {
    if (change.kind === "edit") {
      if (this.revision === null) this.#adrift++;
      else this.#work.edit(change.file, change.operation, origin);
    } else if (this.revision !== null) {
      this.#work.withdraw(change);
      if (!alters(change, this.outline)) return;
      this.#work.choose(change);
    }
  }

  /**
   * Put the next waiting change in flight and return it. Returns null when a change is in flight
   * already or none is waiting.
   */
  next(): Submit | null {
    const next = this.#work.upNext;
    if (this.revision === null || !next || this.#files.isDoubted(next)) return null;
    this.#work.launch(this.#mostComponents);
    return this.inFlight();
  }

  /**
   * Return the change in flight, rebased to the last known revision. It is sent again after a `joined`
   * and after a text was read. Returns null while the text that it changes is in doubt.
   */
  inFlight(): Submit | null {
    const own = this.#work.inFlight;
    if (this.revision === null || !own || this.#files.isDoubted(own.change)) return null;
    const { seq, change, origin } = own;
    const { revision } = this;
    return {
      type: "submit",
      seq,
      revision,
      change: encodeChange(change),
      ...(origin && { origin }),
    };
  }

  // Messages of the server

  /**
   * Take the answer to `join`. Returns the effect of the entries, or null if the answer brought the
   * files: then `text` gives the new visible texts. Throws OperationError when restored work does not
   * fit what the server says.
   */
  joined(message: Joined): Received | null {
    this.#work.logged(message.seq);
    if (this.#opened) this.#work.standOn(this.#files);
    this.#opened = false;
    if (message.files) {
      const { files, folders = [], assets = [] } = message;
      this.#files.load({ files, folders, assets }, message);
      if (!this.restored) this.revision = message.revision;
      this.#adrift = 0;
    }
    this.#files.endReads();
    this.client = message.client;
    this.#clients = new Map([[message.number, message.client]]);
    for (const { client, number } of message.people) this.meet(client, number);
    this.#mostComponents = message.limits.components;
    const received = message.entries ? this.#catchUp(message.entries) : null;
    this.verify(message.revision, message.checksums);
    return message.files ? null : received;
  }

  /**
   * Read the entries since the known revision. The texts already have them if the work was restored;
   * then only the work is rebased over them.
   */
  #catchUp(entries: readonly (Entry | Stretch)[]): Received {
    const read = () => this.receive((this.revision ?? 0) + 1, entries);
    if (!this.restored) return read();
    const received = this.#files.readAhead(read);
    this.#work.standOn(this.#files);
    return received;
  }

  /** Tell whether an author is this client. */
  isSelf(who: Who): boolean {
    return this.#known(who) === this.client;
  }

  /** Note that a client is in the room, and its number if it has one. */
  meet(client: ClientId, number: number | undefined): void {
    if (number !== undefined) this.#clients.set(number, client);
  }

  /**
   * Take committed entries, the first with the revision `first`. Some of them may come as a stretch.
   * Throws OperationError for a gap, and for a number that belongs to nobody.
   */
  receive(first: number, entries: readonly (Entry | Stretch)[]): Received {
    const known = this.revision;
    if (known === null || first !== known + 1) {
      throw new OperationError(`revision ${first} came after revision ${known}`);
    }
    const reading = new Reading(this.#files, this.#work, this.client, this.#lazy);
    let last = known;
    for (const entry of entries) {
      if ("changes" in entry) {
        reading.stretch(entry);
        last += entry.count;
      } else {
        reading.entry(this.#clientOf(entry.who), entry);
        last++;
      }
    }
    const received = reading.finish();
    this.revision = last;
    return received;
  }

  /** Compare the committed texts with the server's checksums. */
  verify(revision: number, checksums: Checksums): void {
    if (revision === this.revision) this.#files.verify(checksums);
  }

  /** Return the files whose texts must be read from the server. Each is returned once. */
  reads(): FileId[] {
    return this.#files.reads();
  }

  /**
   * Take a text as the server has it. Returns the edit of the visible text if the two differed; null
   * otherwise, and also when the text was not here.
   */
  mend(file: FileId, revision: number, text: string): Operation | null {
    if (revision !== this.revision) return null;
    const edit = this.#files.mend(file, text);
    return !edit || edit.isNoop() ? null : this.#work.carry(file, edit);
  }

  /**
   * Note that the server could not take the change in flight. Returns whether it may help to read the
   * text that the change applies to again.
   */
  misfit(seq: number): boolean {
    const own = this.#work.inFlight;
    if (own?.seq !== seq || own.misfit) return false;
    const files = editsOf(own.change).flatMap(({ file }) => (this.#files.has(file) ? [file] : []));
    own.misfit = true;
    for (const file of files) this.#files.doubt(file);
    return files.length > 0;
  }

  /**
   * Note that the change in flight will not be committed. Returns, for each of its parts, the edit that
   * removes it from the visible text, if there is one, and the text that it had inserted. Returns
   * nothing when no change with this number is in flight.
   */
  refused(seq: number): Refused[] {
    const own = this.#work.settle(seq);
    return own ? partsOf(own).map((part) => this.#takeOut(part)) : [];
  }

  #takeOut(part: Change): Refused {
    const file = fileOf(part);
    if (part.kind === "add") {
      // The server would also refuse the waiting edits of this file.
      const lost = this.#work.visible(part.file, part.text);
      this.#work.drop(part.file);
      return { file, edit: null, lost };
    }
    if (part.kind !== "edit") return { file, edit: null, lost: "" };
    const lost = part.operation.components.filter((c) => typeof c === "string").join("\n");
    if (!this.#files.has(part.file)) return { file, edit: null, lost };
    const inverse = part.operation.invert(this.#files.content(part.file).text);
    return { file, edit: this.#work.carry(part.file, inverse), lost };
  }

  /**
   * Give up what this client holds, because it differs from what the server has. The next `join` asks
   * for the files. The caller must set the visible texts aside, with everything typed into them until
   * `joined`.
   */
  forget(): void {
    this.#adrift = this.unsaved;
    this.#work.clear();
    this.#files.endReads();
    this.#opened = false;
    this.revision = null;
  }

  #clientOf(who: Who): ClientId {
    const client = this.#known(who);
    if (client === undefined) throw new OperationError(`nobody has the number ${who}`);
    return client;
  }

  #known(who: Who): ClientId | undefined {
    return typeof who === "number" ? this.#clients.get(who) : who;
  }
}

function isOneList<T>(one: readonly T[], other: readonly T[]): boolean {
  return one.length === other.length && one.every((item, index) => item === other[index]);
}
