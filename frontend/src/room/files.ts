/** What the log has made of a room: its facts and its files, and which of their texts are in doubt. */

import type { Change, Checksums, Facts, File, FileId, FileInfo } from "../link/protocol";
import { type Operation, OperationError } from "../ot";
import { commit, factsOf, fileOf } from "./changes";
import { Committed } from "./committed";

interface CommittedFile extends FileInfo {
  content: Committed;
}

export class CommittedFiles {
  facts: Facts = factsOf({});
  #files = new Map<FileId, CommittedFile>();
  /** Files whose texts cannot be the server's; whether they have been asked for. */
  #doubted = new Map<FileId, boolean>();
  /** They have already what is being read. */
  #ahead = false;

  /** All but the texts. */
  get infos(): FileInfo[] {
    return [...this.#files.values()].map(({ content: _, ...file }) => file);
  }

  content(file: FileId): Committed {
    return this.#file(file).content;
  }

  /** Be what the server has. */
  load(files: readonly File[], facts: Partial<Facts>): void {
    this.#files = new Map(files.map((file) => [file.id, committed(file)]));
    this.facts = factsOf(facts);
  }

  /** Whatever `read` commits is in the files already, and is not taken again. */
  readAhead<T>(read: () => T): T {
    this.#setAhead(true);
    try {
      return read();
    } finally {
      this.#setAhead(false);
    }
  }

  /** Take a change of the log that is no edit. */
  commit(change: Change): void {
    if (!this.#ahead) commit(change, this);
  }

  /** Throws OperationError where there is no such file. */
  file(id: FileId): FileInfo {
    return this.#file(id);
  }

  add(file: File): void {
    this.#files.set(file.id, committed(file));
  }

  /** Take an edit of the log. Returns whether it fits; else the text is in doubt. */
  edit(file: FileId, operation: Operation): boolean {
    const fits = this.content(file).edit(operation);
    if (!fits) this.doubt(file);
    return fits;
  }

  /** Take an own edit, as `Committed.acknowledge`. */
  acknowledge(file: FileId, own: Operation, logged: Operation): Operation | null {
    const content = this.content(file);
    const edit = content.acknowledge(own, logged);
    if (content.torn) this.doubt(file);
    return edit;
  }

  // Doubt

  /** Compare the texts with what the server has. */
  verify(checksums: Checksums): void {
    for (const [file, expected] of Object.entries(checksums)) {
      const content = this.content(file);
      if (content.torn || content.checksum !== expected) this.doubt(file);
    }
  }

  doubt(file: FileId): void {
    if (!this.#doubted.has(file)) this.#doubted.set(file, false);
  }

  /** Whether a change is of a text in doubt. */
  isDoubted(change: Change): boolean {
    const file = fileOf(change);
    return file !== null && this.#doubted.has(file);
  }

  /** The files to read. Each is named once. */
  reads(): FileId[] {
    const files = [...this.#doubted.keys()].filter((file) => !this.#doubted.get(file));
    for (const file of files) this.#doubted.set(file, true);
    return files;
  }

  /** Take a text as the server has it. Returns what differed. */
  mend(file: FileId, text: string): Operation {
    this.#doubted.delete(file);
    return this.content(file).replace(text);
  }

  endDoubts(): void {
    this.#doubted.clear();
  }

  #setAhead(ahead: boolean): void {
    this.#ahead = ahead;
    for (const { content } of this.#files.values()) content.ahead = ahead;
  }

  #file(id: FileId): CommittedFile {
    const file = this.#files.get(id);
    if (!file) throw new OperationError(`there is no file ${id}`);
    return file;
  }
}

function committed({ text, ...file }: File): CommittedFile {
  return { ...file, content: new Committed(text) };
}
