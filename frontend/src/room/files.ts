/** What the log has made of a room: its facts and its files, and which of their texts are in doubt. */

import type { Asset, Change, Checksums, Facts, File, FileId, Folder } from "../link/protocol";
import { type Operation, OperationError } from "../ot";
import { commit, editsOf, factsOf, fileOf, partsOf } from "./changes";
import { Committed } from "./committed";
import { ROOT, Tree, type TreeNode } from "./tree";

/** What a server tells of a room's tree. */
export interface TreeTold {
  files: readonly File[];
  folders?: readonly Folder[];
  assets?: readonly Asset[];
}

export class CommittedFiles {
  facts: Facts = factsOf({});
  tree = new Tree();
  /** Another number after each change of the tree or the facts. */
  version = 0;
  #contents = new Map<FileId, Committed>();
  /** Files whose texts cannot be the server's; whether they have been asked for. */
  #doubted = new Map<FileId, boolean>();
  /** They have already what is being read. */
  #ahead = false;

  /** The files that have a text here. */
  get ids(): FileId[] {
    return [...this.#contents.keys()];
  }

  has(file: FileId): boolean {
    return this.#contents.has(file);
  }

  /** Throws OperationError where there is no such file. */
  content(file: FileId): Committed {
    const content = this.#contents.get(file);
    if (!content) throw new OperationError(`there is no file ${file}`);
    return content;
  }

  /** Be what the server has. */
  load({ files, folders, assets }: TreeTold, facts: Partial<Facts>): void {
    this.#contents = new Map(files.map(({ id, text }) => [id, new Committed(text)]));
    this.tree = new Tree(nodesOf(files, folders ?? [], assets ?? []));
    this.facts = factsOf(facts);
    this.version++;
  }

  /** What a server would tell of it. */
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
        files.push({ ...placed, ...language, text: this.content(id).text });
      }
    }
    return { files, folders, assets };
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

  /** Take a change of the log. An edit is taken by `edit`. */
  commit(change: Change): void {
    if (this.#ahead) return;
    for (const part of partsOf(change)) {
      if (part.kind === "edit") this.edit(part.file, part.operation);
      else commit(part, this);
    }
    this.version++;
  }

  /** Throws OperationError where there is no such node. */
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
    if (file !== null) return this.#doubted.has(file);
    return editsOf(change).some((edit) => this.#doubted.has(edit.file));
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
