/** Keeps what the log has made of a room: its facts and its files. Also keeps which texts are in doubt. */

import type { Asset, Change, Checksums, Facts, File, FileId, Folder } from "../link/protocol";
import { type Operation, OperationError } from "../ot";
import { commit, editsOf, factsOf, fileOf, partsOf } from "./changes";
import { Committed } from "./committed";
import { ROOT, Tree, type TreeNode } from "./tree";

/** The server's description of a room's tree. */
export interface TreeTold {
  files: readonly File[];
  folders?: readonly Folder[];
  assets?: readonly Asset[];
}

export class CommittedFiles {
  facts: Facts = factsOf({});
  tree = new Tree();
  /** Gets another value after each change of the tree or the facts. */
  version = 0;
  #contents = new Map<FileId, Committed>();
  /** Files whose texts must differ from the server's. The value tells whether the text has been asked for. */
  #doubted = new Map<FileId, boolean>();
  /** Files whose missing texts are wanted. The value tells whether the text has been asked for. */
  #wanted = new Map<FileId, boolean>();
  /** Tells whether the files already contain the entries that are being read. */
  #ahead = false;

  /** The files that have a text here. */
  get ids(): FileId[] {
    return [...this.#contents.keys()];
  }

  has(file: FileId): boolean {
    return this.#contents.has(file);
  }

  /** Return the committed text of a file. Throws OperationError when the text is not here. */
  content(file: FileId): Committed {
    const content = this.#contents.get(file);
    if (!content) throw new OperationError(`there is no text of the file ${file}`);
    return content;
  }

  /** Replace everything by what the server has. */
  load({ files, folders, assets }: TreeTold, facts: Partial<Facts>): void {
    this.#contents = new Map();
    for (const { id, text } of files) if (text !== undefined) this.begin(id, text);
    this.tree = new Tree(nodesOf(files, folders ?? [], assets ?? []));
    this.facts = factsOf(facts);
    this.version++;
  }

  /** The tree in the form in which a server describes it. */
  get told(): TreeTold {
    const files: File[] = [];
    const folders: Folder[] = [];
    const assets: Asset[] = [];
    for (const { id, name, parent, removed, ...node } of this.tree) {
      const placed = { id, name, parent, removed };
      if (node.kind === "folder") folders.push(placed);
      else if (node.kind === "asset") {
        assets.push({ ...placed, blob: node.blob, size: node.size });
      } else {
        const language = node.chosen === null ? {} : { language: node.chosen };
        const text = this.#contents.get(id)?.text;
        files.push({ ...placed, ...language, ...(text !== undefined && { text }) });
      }
    }
    return { files, folders, assets };
  }

  /**
   * Call `read` while the files already contain everything that it commits, so that nothing is applied
   * again.
   */
  readAhead<T>(read: () => T): T {
    this.#setAhead(true);
    try {
      return read();
    } finally {
      this.#setAhead(false);
    }
  }

  /** Apply a change of the log. `edit` applies the edits. */
  commit(change: Change): void {
    if (this.#ahead) return;
    for (const part of partsOf(change)) {
      if (part.kind === "edit") this.edit(part.file, part.operation);
      else commit(part, this);
    }
    this.version++;
  }

  /** Return a node. Throws OperationError when there is none with this id. */
  node(id: string): TreeNode {
    const node = this.tree.get(id);
    if (!node) throw new OperationError(`there is no file ${id}`);
    return node;
  }

  put(node: TreeNode): void {
    this.tree.put(node);
  }

  begin(file: FileId, text: string): void {
    this.#contents.set(file, new Committed(text));
    this.#wanted.delete(file);
  }

  /** Stop holding a file. Its edits are then ignored. */
  drop(file: FileId): void {
    this.#contents.delete(file);
  }

  /**
   * Apply an edit of the log. Returns whether the text has it; otherwise the text is in doubt or not
   * here. Throws OperationError when there is no such file.
   */
  edit(file: FileId, operation: Operation): boolean {
    const content = this.#contents.get(file);
    if (!content) {
      this.node(file);
      return false;
    }
    const fits = content.edit(operation);
    if (!fits) this.doubt(file);
    return fits;
  }

  /** Acknowledge an own edit; see `Committed.acknowledge`. */
  acknowledge(file: FileId, own: Operation, logged: Operation): Operation | null {
    const content = this.content(file);
    const edit = content.acknowledge(own, logged);
    if (content.torn) this.doubt(file);
    return edit;
  }

  // Doubt

  /** Compare the texts with the server's checksums. */
  verify(checksums: Checksums): void {
    for (const [file, expected] of Object.entries(checksums)) {
      const content = this.#contents.get(file);
      if (!content) continue;
      if (content.torn || content.checksum !== expected) this.doubt(file);
    }
  }

  doubt(file: FileId): void {
    if (!this.#doubted.has(file)) this.#doubted.set(file, false);
  }

  /** Tell whether a change applies to a text that is in doubt. */
  isDoubted(change: Change): boolean {
    const file = fileOf(change);
    if (file !== null) return this.#doubted.has(file);
    return editsOf(change).some((edit) => this.#doubted.has(edit.file));
  }

  /** Ask for the text of a file, if it is not here. */
  want(file: FileId): void {
    if (!this.has(file) && !this.#wanted.has(file)) this.#wanted.set(file, false);
  }

  /** The files whose missing texts are wanted. */
  get wanted(): FileId[] {
    return [...this.#wanted.keys()];
  }

  /** Return the files whose texts must be read from the server. Each is returned once. */
  reads(): FileId[] {
    return [this.#doubted, this.#wanted].flatMap((files) => {
      const reads = [...files].flatMap(([file, asked]) => (asked ? [] : [file]));
      for (const file of reads) files.set(file, true);
      return reads;
    });
  }

  /**
   * Replace the text of a file by the server's. Returns the edit between the two; null when the text
   * was not here.
   */
  mend(file: FileId, text: string): Operation | null {
    this.#doubted.delete(file);
    const content = this.#contents.get(file);
    if (content) return content.replace(text);
    this.begin(file, text);
    return null;
  }

  /**
   * Note that the texts asked for will not arrive. The next texts or checksums of the server settle the
   * doubts again; wanted texts are asked for again.
   */
  endReads(): void {
    this.#doubted.clear();
    for (const file of this.#wanted.keys()) this.#wanted.set(file, false);
  }

  #setAhead(ahead: boolean): void {
    this.#ahead = ahead;
    for (const content of this.#contents.values()) content.ahead = ahead;
  }
}

function* nodesOf(
  files: readonly File[],
  folders: readonly Folder[],
  assets: readonly Asset[],
): Iterable<TreeNode> {
  for (const { id, name, parent = ROOT, removed = false, language } of files) {
    yield { kind: "file", id, name, parent, removed, chosen: language ?? null };
  }
  for (const { id, name, parent = ROOT, removed = false } of folders) {
    yield { kind: "folder", id, name, parent, removed };
  }
  for (const { id, name, parent = ROOT, removed = false, blob, size } of assets) {
    yield { kind: "asset", id, name, parent, removed, blob, size };
  }
}
