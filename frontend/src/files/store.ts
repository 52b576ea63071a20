/** What the files feature keeps for each room that is shown. */
import { batch, computed, type ReadonlySignal, signal } from "@preact/signals";
import type { RoomContext } from "../feature";
import type { Language } from "../link/protocol";
import { type NodeId, ROOT, type TreeNode } from "../room/tree";
import type { Naming } from "./rows";
import { FileTree } from "./tree";
import { TreeView } from "./view";

export class FilesStore {
  readonly #room: RoomContext;
  readonly tree: ReadonlySignal<TreeView>;
  /** What is done to the tree. */
  readonly verbs: FileTree;
  /** The language of each file. */
  readonly languages: ReadonlySignal<ReadonlyMap<NodeId, Language>>;
  /** Folders that show what stands in them. */
  readonly open = signal<ReadonlySet<NodeId>>(new Set());
  readonly selected = signal<ReadonlySet<NodeId>>(new Set());
  /** The node that the keys are about; null before there was one. */
  readonly focused = signal<NodeId | null>(null);
  /** The row from which a range is selected. */
  anchor: NodeId | null = null;
  readonly naming = signal<Naming | null>(null);
  readonly filter = signal("");
  /** Whether a tap selects, and opens nothing. */
  readonly selecting = signal(false);
  /** What is being dragged, and the folder that it would be moved to. */
  readonly dragged = signal<readonly NodeId[]>([]);
  readonly target = signal<NodeId | null>(null);

  constructor(room: RoomContext) {
    this.#room = room;
    const { session } = room;
    this.tree = computed(() => new TreeView(session.tree.value));
    this.verbs = new FileTree({
      tree: session.tree,
      submit: (change) => session.submit(change),
      room: { text: (file) => session.textOf(file) },
    });
    this.languages = computed(
      () => new Map(session.files.value.map(({ id, language }) => [id, language])),
    );
  }

  /** What an action is about: the selected nodes, else the focused one, else the file that is shown. */
  get chosen(): TreeNode[] {
    const tree = this.tree.value;
    const active = this.#room.session.activeFile.value?.id;
    const selected = tree.tops(this.selected.value).filter((id) => tree.isHere(id));
    const one = [this.focused.value, active].find((id) => id && tree.isHere(id));
    return (selected.length > 0 ? selected : one ? [one] : []).flatMap((id) => tree.get(id) ?? []);
  }

  /** The folder that something new is to stand in. */
  get folder(): NodeId {
    const tree = this.tree.peek();
    const node = tree.get(this.focused.peek() ?? "");
    if (!node || !tree.isHere(node.id)) return ROOT;
    return node.kind === "folder" ? node.id : node.parent;
  }

  toggle(folder: NodeId, open = !this.open.peek().has(folder)): void {
    const all = new Set(this.open.peek());
    if (open) all.add(folder);
    else all.delete(folder);
    this.open.value = all;
  }

  /** Open the folders that a node stands in, and have the keys be about it. */
  reveal(id: NodeId): void {
    const folders = this.tree.peek().folders(id);
    batch(() => {
      this.open.value = new Set([...this.open.peek(), ...folders.map((folder) => folder.id)]);
      this.focused.value = id;
    });
  }

  /** Begin to write the name of a new node, or a node's other name. */
  name(naming: Naming): void {
    batch(() => {
      if (naming.kind !== "rename" && naming.parent !== ROOT) this.toggle(naming.parent, true);
      this.filter.value = "";
      this.naming.value = naming;
    });
  }

  /** A file or folder gets the name that was written. */
  named(naming: Naming, name: string): void {
    const { session } = this.#room;
    this.naming.value = null;
    if (naming.kind === "rename") this.verbs.rename(naming.id, name);
    else if (naming.kind === "folder") this.reveal(this.verbs.addFolder(name, naming.parent));
    else {
      const file = this.verbs.add(name, naming.parent);
      this.reveal(file);
      session.open(file);
    }
  }

  /** Select a row alone, with those that are, or all up to it. */
  select(id: NodeId, how: "one" | "toggle" | "range", rows: readonly NodeId[]): void {
    const anchor = rows.includes(this.anchor ?? "") ? this.anchor : null;
    if (how === "range") {
      const [from = 0, to = 0] = [rows.indexOf(anchor ?? id), rows.indexOf(id)].sort(
        (one, other) => one - other,
      );
      this.selected.value = new Set(rows.slice(from, to + 1));
      return;
    }
    const selected = new Set(how === "one" ? [] : this.selected.peek());
    if (how === "toggle") {
      // Whoever adds a row to the one that they are at means both.
      if (selected.size === 0 && anchor !== null && anchor !== id) selected.add(anchor);
      if (selected.has(id)) selected.delete(id);
      else selected.add(id);
    }
    this.anchor = id;
    this.selected.value = selected;
  }

  /** Forget what is selected. */
  unselect(): void {
    batch(() => {
      this.selected.value = new Set();
      this.selecting.value = false;
    });
  }

  move(ids: readonly NodeId[], folder: NodeId): void {
    this.verbs.move(ids, folder);
    if (folder !== ROOT) this.toggle(folder, true);
    this.unselect();
  }

  /** Remove nodes, and offer to take that back. */
  remove(ids: readonly NodeId[]): void {
    const tree = this.tree.peek();
    const { session } = this.#room;
    const tops = tree.tops(ids).flatMap((id) => tree.get(id) ?? []);
    const [first] = tops;
    if (!first) return;
    const gone = tops.map(({ id }) => id);
    this.verbs.remove(gone);
    this.unselect();
    const words = tops.length === 1 ? `“${first.name}”` : `${tops.length} files and folders`;
    const run = () => this.verbs.restore(gone);
    session.say("info", `Removed ${words}.`, { label: "Undo", run });
  }

  /** Add a copy of each beside it. */
  duplicate(nodes: readonly TreeNode[]): void {
    for (const { id } of nodes) {
      const copy = this.verbs.duplicate(id);
      if (copy !== null) this.reveal(copy);
    }
  }
}

/** Show a file, and have the focus in its text. */
export function showFile({ session, editor }: RoomContext, id: NodeId): void {
  if (session.activeFile.peek()?.id === id) editor.peek()?.focus();
  else session.open(id);
}

const stores = new WeakMap<RoomContext, FilesStore>();

/** The store of a room, made when it is first asked for. */
export function filesOf(room: RoomContext): FilesStore {
  const store = stores.get(room) ?? new FilesStore(room);
  stores.set(room, store);
  return store;
}
