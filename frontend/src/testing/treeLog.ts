/** The server's half of PROTOCOL.md in memory, for a room with a tree. It places what is submitted. */
import {
  type Change,
  type ClientMessage,
  decodeChange,
  type Entry,
  encodeChange,
  type Joined,
  type WireChange,
} from "../link/protocol";
import { checksum, transform } from "../ot";
import { editsOf, partsOf, withEdit } from "../room/changes";
import { CommittedFiles } from "../room/files";
import { Tree } from "../room/tree";

type Submit = Extract<ClientMessage, { type: "submit" }>;

export class TreeLog {
  readonly entries: { who: string; seq: number; change: WireChange }[] = [];
  readonly files = new CommittedFiles();

  constructor(...changes: Change[]) {
    for (const change of changes) this.#commit("", change, this.revision + 1);
  }

  get revision(): number {
    return this.entries.length;
  }

  /** Tell whether a submission is committed now, refused, or was committed before. */
  submit(client: string, { seq, revision, change }: Submit): "committed" | "refused" | "known" {
    if (seq <= this.settled(client)) return "known";
    let carried = decodeChange(change);
    for (const { file, operation } of editsOf(carried)) {
      let edit = operation;
      for (const past of this.#editsAfter(revision, file)) edit = transform(past, edit)[1];
      carried = withEdit(carried, file, edit);
    }
    const placed = this.#placed(carried);
    if (!placed) return "refused";
    this.#commit(client, placed, seq);
    return "committed";
  }

  settled(client: string): number {
    return Math.max(0, ...this.entries.filter(({ who }) => who === client).map(({ seq }) => seq));
  }

  /** The entries after a revision, as the wire carries them. */
  since(revision: number): Entry[] {
    return this.entries
      .slice(revision)
      .map(({ change, ...entry }) => ({ ...entry, change: decodeChange(copied(change)) }));
  }

  /** Without a revision the files; with one the entries since, and the files beside them for `text`. */
  joined(client: string, revision: number | undefined, text = false): Joined {
    const { files, folders, assets } = copied(this.files.told);
    const limits = { text: 1e6, components: 1e4, files: 1e4, name: 255, path: 1024, depth: 32 };
    return {
      type: "joined",
      client,
      number: 1,
      seq: this.settled(client),
      revision: this.revision,
      updated_at: 0,
      people: [],
      checksums: Object.fromEntries(files.map((file) => [file.id, checksum(file.text ?? "")])),
      limits: { ...limits, asset: 1e6, room: 1e9 },
      ...(revision !== undefined && { entries: this.since(revision) }),
      ...((text || revision === undefined) && {
        files: [...files],
        folders: [...(folders ?? [])],
        assets: [...(assets ?? [])],
      }),
    };
  }

  #commit(who: string, change: Change, seq: number): void {
    this.entries.push({ who, seq, change: copied(encodeChange(change)) });
    this.files.commit(change);
  }

  #editsAfter(revision: number, file: string) {
    return this.since(revision).flatMap(({ change }) =>
      editsOf(change).flatMap((edit) => (edit.file === file ? [edit.operation] : [])),
    );
  }

  /** The change as it comes to be; null where the room does not allow it. */
  #placed(change: Change): Change | null {
    const tree = new Tree(this.files.tree);
    const parts = partsOf(change).map((part) => place(part, tree));
    if (parts.includes(null)) return null;
    const placed = parts as Change[];
    return change.kind === "many" ? { ...change, changes: placed } : (placed[0] ?? null);
  }
}

function place(part: Change, tree: Tree): Change | null {
  switch (part.kind) {
    case "add":
    case "folder": {
      const id = part.kind === "add" ? part.file : part.id;
      const spot = tree.get(id) ? null : tree.spot(id, part);
      if (!spot) return null;
      const node = { id, ...spot, removed: false };
      tree.put(
        part.kind === "add" ? { kind: "file", chosen: null, ...node } : { kind: "folder", ...node },
      );
      return { ...part, ...spot };
    }
    case "move": {
      const node = tree.get(part.id);
      const spot = node && tree.spot(part.id, part, node.parent === part.parent);
      if (!spot) return null;
      tree.put({ ...node, ...spot });
      return { ...part, ...spot };
    }
    case "restore": {
      const node = tree.get(part.id);
      if (!node) return null;
      const spot = tree.isLiving(part.id) ? node : tree.spot(part.id, part);
      if (!spot) return null;
      const { parent, name } = spot;
      tree.put({ ...node, parent, name, removed: false });
      return { ...part, parent, name };
    }
    case "remove": {
      const node = tree.get(part.id);
      if (node) tree.put({ ...node, removed: true });
      return node ? part : null;
    }
    case "edit":
      return tree.get(part.file) ? part : null;
    default:
      return part;
  }
}

function copied<T>(value: T): T {
  return JSON.parse(JSON.stringify(value));
}
