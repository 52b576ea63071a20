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
 * Rule 6: a committed text that cannot be the server's is read anew, and what differs comes like an
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
import { languageOf } from "./languages";
import { OwnWork, type Work } from "./ownWork";
import { Reading, type Received } from "./reading";
import { type FileNode, Tree } from "./tree";

/** What becomes of a part of a change that was refused. */
export interface Refused {
  file: FileId | null;
  edit: Operation | null;
  lost: string;
}

type Submit = Extract<ClientMessage, { type: "submit" }>;

/** The texts of a room as they were at a revision. */
export interface KnownTexts extends Partial<Facts>, TreeTold {
  revision: number;
}

export class RoomClient {
  /** The last revision known; null when the files must be fetched anew. */
  revision: number | null = null;
  client: ClientId = "";
  /** By the number that stands for each in entries. */
  #clients = new Map<number, ClientId>();
  readonly #files = new CommittedFiles();
  readonly #work = new OwnWork();
  /** Whether the texts are those of `open`, and have not been joined since. */
  #opened = false;
  /** The last outline, and what it is of. */
  #shown: { version: number; choices: readonly Change[]; outline: Outline } | null = null;
  readonly #infos = new WeakMap<Outline, readonly FileInfo[]>();
  /** How many changes stand on a text that we have given up; see `forget`. */
  #adrift = 0;
  #mostComponents = Number.POSITIVE_INFINITY;

  /** The room as the person sees it, but for its texts: with the own changes that are pending. */
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

  /** The living files, as the person sees them: of one outline always the same list. */
  get infos(): readonly FileInfo[] {
    const { outline } = this;
    let infos = this.#infos.get(outline);
    if (!infos) {
      infos = [...outline.tree].flatMap((node) =>
        node.kind === "file" && outline.tree.isLiving(node.id) ? [infoOf(node, outline.tree)] : [],
      );
      this.#infos.set(outline, infos);
    }
    return infos;
  }

  /** The text of a file as the person sees it. Throws OperationError where there is no such file. */
  text(file: FileId): string {
    const begun = this.#files.has(file) ? undefined : this.#work.begun(file);
    return this.#work.visible(file, begun ?? this.#files.content(file).text);
  }

  /** Whether there is such a file, removed or not, with the own ones that are pending. */
  has(file: FileId): boolean {
    return this.#files.has(file) || this.#work.begun(file) !== undefined;
  }

  /** Where a position of the committed text is in the visible one, left of own insertions there. */
  place(file: FileId, position: number): number {
    return this.#work.place(file, position);
  }

  /** Changes that are not acknowledged yet, as the person made them. */
  get unsaved(): number {
    return this.#adrift + this.#work.count;
  }

  /** What is to be kept of all this. Null: nothing. Undefined: not to be told, after `forget`. */
  work(): Work | null | undefined {
    if (this.revision !== null) return this.#work.keep(this.revision);
    return this.#adrift > 0 ? undefined : null;
  }

  /** Be at a revision whose texts are known, in a client that is new. The next `joined` brings the entries since. */
  open({ revision, files, folders, assets, ...facts }: KnownTexts): void {
    this.#files.load({ files, folders: folders ?? [], assets: assets ?? [] }, facts);
    this.revision = revision;
    this.#opened = true;
  }

  /**
   * Go on with the work of a page that is gone, in a client that is new. The next `joined` must bring
   * the entries since its revision, and the files where `open` did not bring those of this revision.
   * Throws OperationError where the work does not fit those.
   */
  restore(work: Work): void {
    this.revision = work.revision;
    this.#work.restore(work);
    if (this.#opened) this.#work.fit(this.#files);
  }

  /** Whether it has work that it has no text for, so that `joined` must bring both. */
  get restored(): boolean {
    return this.#work.restored && !this.#opened;
  }

  /** The committed texts as they are now; null while there are none. */
  get texts(): KnownTexts | null {
    const { revision } = this;
    if (revision === null || this.restored) return null;
    return { ...this.#files.facts, revision, ...this.#files.told };
  }

  // Own changes

  /** Take a change that is made here: an edit of the visible text, or anything else that is shown otherwise now. */
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

  /** Put the next waiting change in flight. Null when one is already, or there is none. */
  next(): Submit | null {
    const next = this.#work.upNext;
    if (this.revision === null || !next || this.#files.isDoubted(next)) return null;
    this.#work.launch(this.#mostComponents);
    return this.inFlight();
  }

  /**
   * The change in flight, carried to the last known revision: to be sent again after a `joined`, and
   * after a text was read. Null while its text is in doubt.
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

  // What the server says

  /**
   * Take the answer to `join`. Returns what entries did; or, where it brought files, null: then
   * every visible text is what `text` gives now. Throws OperationError where restored work does not
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
    this.#files.endDoubts();
    this.client = message.client;
    this.#clients = new Map([[message.number, message.client]]);
    for (const { client, number } of message.people) this.meet(client, number);
    this.#mostComponents = message.limits.components;
    const received = message.entries ? this.#catchUp(message.entries) : null;
    this.verify(message.revision, message.checksums);
    return message.files ? null : received;
  }

  /** Read what happened meanwhile. Restored work alone is carried past it: the texts have it. */
  #catchUp(entries: readonly (Entry | Stretch)[]): Received {
    const read = () => this.receive((this.revision ?? 0) + 1, entries);
    if (!this.restored) return read();
    const received = this.#files.readAhead(read);
    this.#work.standOn(this.#files);
    return received;
  }

  /** Whether this is the own client. */
  isSelf(who: Who): boolean {
    return this.#known(who) === this.client;
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
    const reading = new Reading(this.#files, this.#work, this.client);
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

  /** Compare what is committed with what the server has. */
  verify(revision: number, checksums: Checksums): void {
    if (revision === this.revision) this.#files.verify(checksums);
  }

  /** The files to read. Each is named once. */
  reads(): FileId[] {
    return this.#files.reads();
  }

  /** Take a text as the server has it. Returns the edit of the visible one, if they differed. */
  mend(file: FileId, revision: number, text: string): Operation | null {
    if (revision !== this.revision) return null;
    const edit = this.#files.mend(file, text);
    return edit.isNoop() ? null : this.#work.carry(file, edit);
  }

  /** The server could not take the change in flight. Returns whether reading its text may help. */
  misfit(seq: number): boolean {
    const own = this.#work.inFlight;
    if (own?.seq !== seq || own.misfit) return false;
    const files = editsOf(own.change).flatMap(({ file }) => (this.#files.has(file) ? [file] : []));
    own.misfit = true;
    for (const file of files) this.#files.doubt(file);
    return files.length > 0;
  }

  /**
   * The change in flight will not be committed. Returns for each of its parts the edit that takes it
   * out of the visible text, if there is one, and the text it had inserted; nothing when another
   * change or none is in flight.
   */
  refused(seq: number): Refused[] {
    const own = this.#work.settle(seq);
    return own ? partsOf(own).map((part) => this.#takeOut(part)) : [];
  }

  #takeOut(part: Change): Refused {
    const file = fileOf(part);
    if (part.kind === "add") {
      // The edits of it that wait would be refused as well.
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
   * What we hold is not what the server has, so the next `join` asks for the files. The visible
   * texts are the caller's to set aside, with what is typed into them until `joined`.
   */
  forget(): void {
    this.#adrift = this.unsaved;
    this.#work.clear();
    this.#files.endDoubts();
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

function infoOf({ id, name, chosen }: FileNode, tree: Tree): FileInfo {
  return { id, path: tree.path(id), language: chosen ?? languageOf(name) };
}

function isOneList<T>(one: readonly T[], other: readonly T[]): boolean {
  return one.length === other.length && one.every((item, index) => item === other[index]);
}
