/** The state of the files feature for each shown room. */
import { batch, computed, effect, type ReadonlySignal, signal } from "@preact/signals";
import type { RoomContext } from "../feature";
import type { Language } from "../link/protocol";
import { askerOf } from "../people/asker";
import { type NodeId, ROOT, type TreeNode } from "../room/tree";
import { copyNode } from "../transfers/server";
import type { Naming } from "./rows";
import { FileTree } from "./tree";
import { TreeView } from "./view";

/** The time to look in the tree for something that the server has made, in ms. */
const LOOKED_FOR = 10_000;

export class FilesStore {
  readonly #room: RoomContext;
  readonly tree: ReadonlySignal<TreeView>;
  /** The operations on the tree. */
  readonly verbs: FileTree;
  /** The language of each file. */
  readonly languages: ReadonlySignal<ReadonlyMap<NodeId, Language>>;
  /** The assets that are not removed. */
  readonly assets: ReadonlySignal<readonly { id: NodeId; path: string }[]>;
  /** The open folders. */
  readonly open = signal<ReadonlySet<NodeId>>(new Set());
  readonly selected = signal<ReadonlySet<NodeId>>(new Set());
  /** The node that has the focus; null before there was one. */
  readonly focused = signal<NodeId | null>(null);
  /** The row at which a selected range begins. */
  anchor: NodeId | null = null;
  readonly naming = signal<Naming | null>(null);
  readonly filter = signal("");
  /** The folders that the person closed among what the filter finds. */
  readonly shut = signal<ReadonlySet<NodeId>>(new Set());
  /** Tells whether a tap selects a row instead of opening it. */
  readonly selecting = signal(false);
  /** The nodes that are being dragged. */
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
    this.assets = computed(() =>
      this.tree.value.all
        .filter(({ kind }) => kind === "asset")
        .map(({ id }) => ({ id, path: this.tree.value.path(id) })),
    );
    this.languages = computed(
      () => new Map(session.files.value.map(({ id, language }) => [id, language])),
    );
  }

  /** The nodes that an action applies to: the selected ones, else the focused one, else the shown file. */
  get chosen(): TreeNode[] {
    const tree = this.tree.value;
    const active = this.#room.session.tabs.active.value;
    const selected = tree.tops(this.selected.value).filter((id) => tree.isHere(id));
    const one = [this.focused.value, active].find((id) => id && tree.isHere(id));
    return (selected.length > 0 ? selected : one ? [one] : []).flatMap((id) => tree.get(id) ?? []);
  }

  /** The folder in which a new node is created. */
  get folder(): NodeId {
    const tree = this.tree.peek();
    const node = tree.get(this.focused.peek() ?? "");
    if (!node || !tree.isHere(node.id)) return ROOT;
    return node.kind === "folder" ? node.id : node.parent;
  }

  /** Open or close a folder. With a filter, it is closed only among what the filter finds. */
  toggle(folder: NodeId, open = !this.#isOpen(folder)): void {
    const [all, shut] = [new Set(this.open.peek()), new Set(this.shut.peek())];
    if (open) {
      all.add(folder);
      shut.delete(folder);
    } else if (this.#filters) shut.add(folder);
    else all.delete(folder);
    batch(() => {
      this.open.value = all;
      this.shut.value = shut;
    });
  }

  /** Close all folders. */
  closeAll(): void {
    if (this.#filters) this.shut.value = new Set(this.tree.peek().all.map(({ id }) => id));
    else this.open.value = new Set();
  }

  get #filters(): boolean {
    return this.filter.peek().trim() !== "";
  }

  #isOpen(folder: NodeId): boolean {
    return this.#filters ? !this.shut.peek().has(folder) : this.open.peek().has(folder);
  }

  /** Show only the nodes with these words in their paths, in open folders. */
  filterBy(words: string): void {
    batch(() => {
      this.filter.value = words;
      this.shut.value = new Set();
    });
  }

  /** Open the folders above a node, and focus the node. */
  reveal(id: NodeId): void {
    const folders = this.tree.peek().folders(id);
    batch(() => {
      this.open.value = new Set([...this.open.peek(), ...folders.map((folder) => folder.id)]);
      this.focused.value = id;
    });
  }

  /** Start writing the name of a new node, or another name of a node. */
  name(naming: Naming): void {
    batch(() => {
      this.filterBy("");
      if (naming.kind !== "rename" && naming.parent !== ROOT) this.toggle(naming.parent, true);
      this.naming.value = naming;
    });
  }

  /** Give a file or folder the name that was written. */
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

  /** Select only this row, or add or remove it, or select all rows up to it. */
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
      // A person who adds a row to the current one means both.
      if (selected.size === 0 && anchor !== null && anchor !== id) selected.add(anchor);
      if (selected.has(id)) selected.delete(id);
      else selected.add(id);
    }
    this.anchor = id;
    this.selected.value = selected;
  }

  /** Clear the selection. */
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

  /** Remove nodes, and offer to undo that. */
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

  /**
   * Add a copy beside each node. The server makes the copy when this page lacks parts of it: assets,
   * and texts that were not opened.
   */
  duplicate(nodes: readonly TreeNode[]): void {
    for (const node of nodes) {
      if (this.#hasAssets(node) || !this.#hasTexts(node)) {
        copyNode(this.#room.id, this.tree.peek().path(node.id), askerOf(this.#room)).then(
          (path) => this.whenHere(path, ({ id }) => this.reveal(id)),
          (error: Error) => this.#room.session.say("warn", error.message),
        );
        continue;
      }
      const copy = this.verbs.duplicate(node.id);
      if (copy !== null) this.reveal(copy);
    }
  }

  /** Call `act` with the node at a path as soon as this page has it. */
  whenHere(path: string, act: (node: TreeNode) => void): void {
    let found = false;
    const stop = effect(() => {
      const node = this.tree.value.at(path);
      if (found || !node || !this.tree.value.isHere(node.id)) return;
      found = true;
      queueMicrotask(() => {
        stop();
        act(node);
      });
    });
    setTimeout(stop, LOOKED_FOR);
  }

  #hasTexts({ id }: TreeNode): boolean {
    return this.verbs.textsOf(id).every((file) => this.#room.session.hasText(file));
  }

  #hasAssets(node: TreeNode): boolean {
    if (node.kind !== "folder") return node.kind === "asset";
    return this.tree
      .peek()
      .children(node.id)
      .some((child) => this.#hasAssets(child));
  }
}

/** Show a file, and move the focus into its text. */
export function showFile({ session, editor }: RoomContext, id: NodeId): void {
  if (session.tabs.active.peek() === id) editor.peek()?.focus();
  else session.open(id);
}

const stores = new WeakMap<RoomContext, FilesStore>();

/** Return the store of a room. It is made at the first call. */
export function filesOf(room: RoomContext): FilesStore {
  const store = stores.get(room) ?? new FilesStore(room);
  stores.set(room, store);
  return store;
}
