/** Keeps a document for each file of the room on the page, and brings the room's changes into their texts. */
import type { Extension, StateEffect, TransactionSpec } from "@codemirror/state";
import { batch, computed, type ReadonlySignal, signal } from "@preact/signals";
import type { Listener } from "../link/events";
import { guarded } from "../link/listeners";
import type { Caret, ClientId, FileId, FileInfo, Selection, ServerMessage } from "../link/protocol";
import type { Operation } from "../ot";
import type { Received, RoomClient } from "../room";
import { ASSET, type AssetInfo } from "../room/kind";
import type { Whereabouts } from "../work/lastTexts";
import { moveCaret } from "./carets";
import { remoteEdit } from "./collab";
import { Document, lineAndColumnIn } from "./document";
import type { KeptFiles } from "./keptFiles";
import { OpenFiles } from "./openFiles";
import { believed, type Present } from "./presence";

/** Makes the editor extensions for a file. */
type Extensions = (file: FileInfo, present: Present) => Extension;

/**
 * A caret's place, counted from 1. While the file's text is missing, `line` is null and `column` is the
 * number of code points before the caret.
 */
export interface CaretPlace {
  file: FileId;
  line: number | null;
  column: number;
}

export class Documents {
  readonly #files = signal<readonly FileInfo[]>([]);
  readonly files: ReadonlySignal<readonly FileInfo[]> = this.#files;
  /** The files that the person here has open. It may hold files that are no longer in the room. */
  readonly open = new OpenFiles();
  readonly #byId = computed(() => new Map(this.#files.value.map((file) => [file.id, file])));
  /** The files and assets that the person here has open, in the order of the tabs. */
  readonly openFiles: ReadonlySignal<readonly FileInfo[]> = computed(() =>
    this.open.order.value.flatMap((id) => this.#byId.value.get(id) ?? this.#asset(id) ?? []),
  );
  /** The shown asset; null while a file or nothing is shown. */
  readonly activeAsset: ReadonlySignal<AssetInfo | null> = computed(() =>
    this.#files.value ? this.#asset(this.open.active.value ?? "") : null,
  );
  /** The shown file; null before there is one. */
  readonly activeFile: ReadonlySignal<FileInfo | null> = computed(
    () => this.#byId.value.get(this.open.active.value ?? "") ?? null,
  );
  /** Tells whether the person here has been in a text of the room. From then on the others are told where. */
  readonly #present: Present = { here: false };
  readonly #room: RoomClient;
  readonly #want: (file: FileId) => void;
  readonly #here = signal<ReadonlySet<FileId>>(new Set());
  /** The files that can be shown because their text has arrived. */
  readonly here: ReadonlySignal<ReadonlySet<FileId>> = this.#here;
  /** By file, the callbacks that wait for its text. */
  readonly #awaited = new Map<FileId, ((text: string) => void)[]>();
  /** By file, the line and column to go to once its text has arrived. */
  readonly #places = new Map<FileId, { line: number; column: number }>();
  readonly #extensions: Extensions;
  readonly #shown = new Map<FileId, Document>();
  /** The carets of clients in files without a document, in positions of the visible text. */
  readonly #elsewhere = new Map<ClientId, { file: FileId; selections: readonly Selection[] }>();
  #expected: Whereabouts | null = null;
  /** The files that were open in this room before. They are opened together with the first file. */
  #kept: KeptFiles | null = null;

  /** `want` must ask the server for the text of a file. */
  constructor(room: RoomClient, extensions: Extensions, want: (file: FileId) => void = () => {}) {
    this.#room = room;
    this.#want = want;
    this.#extensions = extensions;
  }

  get(file: FileId): Document | undefined {
    return this.#shown.get(file);
  }

  /** Return the document of an opened file. Throws if the file was not opened. */
  opened(file: FileId): Document {
    const shown = this.get(file);
    if (!shown) throw new Error(`there is no file ${file}`);
    return shown;
  }

  /**
   * Return the text of a file as the person here sees it, or would see it if it were open; "" before
   * the text has arrived.
   */
  textOf(file: FileId): string {
    return this.get(file)?.text ?? (this.#room.has(file) ? this.#room.text(file) : "");
  }

  /** Return the text of a file once it has arrived. Asks for it if it is missing. */
  textWhenHere(file: FileId): Promise<string> {
    if (this.#room.has(file)) return Promise.resolve(this.textOf(file));
    return new Promise((resolve) => {
      this.#awaited.set(file, [...(this.#awaited.get(file) ?? []), resolve]);
      this.#want(file);
    });
  }

  #came(file: FileId): void {
    this.#make(file);
    const awaited = this.#awaited.get(file) ?? [];
    this.#awaited.delete(file);
    for (const resolve of awaited) resolve(this.textOf(file));
  }

  /**
   * Set the files that the person had open before, and their places in them. New documents start at
   * these places.
   */
  expect(whereabouts: Whereabouts | null, kept: KeptFiles | null = null): void {
    this.#expected = whereabouts;
    this.#kept = kept;
  }

  /** The open files and places to keep for the next visit. */
  get kept(): KeptFiles {
    const open = this.openFiles.peek().map(({ id }) => id);
    const places = open.flatMap((id) => {
      const place = this.#shown.get(id)?.place ?? this.#kept?.places[id];
      return place ? [[id, place]] : [];
    });
    return { open, active: this.open.active.peek(), places: Object.fromEntries(places) };
  }

  /** The file and the place in it where the person here is. */
  get whereabouts(): Whereabouts | null {
    const file = this.open.active.peek();
    const shown = file === null ? undefined : this.#shown.get(file);
    return file !== null && shown ? { file, ...shown.place } : null;
  }

  /** Return the place of a client's caret. */
  caretOf(client: ClientId): CaretPlace | null {
    for (const [file, shown] of this.#shown) {
      const caret = shown.caretOf(client);
      if (caret) return { file, ...caret };
    }
    const at = this.#elsewhere.get(client);
    const [selection] = at?.selections ?? [];
    if (!at || !selection || !this.#byId.peek().has(at.file)) return null;
    if (!this.#room.has(at.file)) return { file: at.file, line: null, column: selection[1] };
    return { file: at.file, ...lineAndColumnIn(this.#room.text(at.file), selection[1]) };
  }

  /** Tell whether a message would edit a line in which the person here is composing a character. */
  breaksInto(message: ServerMessage): boolean {
    if (message.type !== "entries") return false;
    return message.entries.some(({ who, change }) => {
      if (change.kind !== "edit" || this.#room.isSelf(who)) return false;
      const line = this.#shown.get(change.file)?.composedLine;
      const [from, to] = change.operation.extent;
      const at = (position: number) => this.#room.place(change.file, position);
      return line && at(from) <= line.to && at(to) >= line.from;
    });
  }

  /**
   * Return a listener that follows the room. When all texts came anew, `onLost` gets the shown texts
   * that differ from the room's.
   */
  following(onLost: (texts: readonly string[], unsaved: boolean) => void): Listener {
    return {
      joined: (_message, received, unsaved) => {
        if (received) this.receive(received);
        else onLost(this.reset(), unsaved > 0);
        this.tell(believed.of(null));
      },
      received: (received) => this.receive(received),
      mended: (file, edit) => this.edit(file, edit),
      came: (file) => this.#came(file),
      refused: (file, edit) => file && this.edit(file, edit),
    };
  }

  /** Show a file because the person here asked for it, and put the caret at `place`, counted from 1. */
  ask(id: FileId, place?: { line: number; column: number }): void {
    this.#present.here = true;
    this.open.wanted = id;
    this.show(id);
    if (place) this.#goToLine(id, place);
  }

  /**
   * Show a file. Its document is made once the file is opened for the first time and its text has
   * arrived.
   */
  show(id: FileId): void {
    if (!this.#byId.peek().has(id)) {
      if (this.#asset(id)) this.open.show(id);
      return;
    }
    if (!this.#room.has(id)) this.#want(id);
    this.#make(id);
    this.open.show(id);
  }

  /** Put the caret at a place, at once or when the text arrives. */
  #goToLine(id: FileId, place: { line: number; column: number }): void {
    const shown = this.#shown.get(id);
    if (shown) shown.goToLine(place.line, place.column);
    else this.#places.set(id, place);
  }

  /** Make the document of a file, if its text has arrived. */
  #make(id: FileId): void {
    const file = this.#byId.peek().get(id);
    if (!file || this.#shown.has(id) || !this.#room.has(id)) return;
    const made = this.#newDocument(file);
    this.#shown.set(id, made);
    const place = this.#places.get(id);
    if (place) made.goToLine(place.line, place.column);
    this.#places.delete(id);
    this.#here.value = new Set(this.#shown.keys());
  }

  /** Close a file. Its document stays in memory together with its undo history. */
  close(id: FileId): void {
    const next = this.open.nextAfter(id);
    batch(() => {
      if (next !== null) this.show(next);
      this.open.close(id);
    });
  }

  /** Take over the room's files and their languages. Opens a file if none is shown. */
  refresh(): void {
    const files = this.#room.infos;
    for (const file of files) this.#shown.get(file.id)?.setLanguage(file.language);
    batch(() => {
      this.#files.value = files;
      // The text of the active file may have arrived with the other files.
      this.#make(this.open.active.peek() ?? "");
      const shown = this.activeFile.peek() ?? this.activeAsset.peek();
      if (files.length > 0 && !shown) this.#showAny(files);
    });
  }

  /** Show a file when none is shown: one that was open here before, else the first file. */
  #showAny(files: readonly FileInfo[]): void {
    const here = (id: FileId | null | undefined) =>
      id && (this.#byId.peek().has(id) || this.#asset(id)) ? id : null;
    if (this.open.order.peek().length === 0) this.open.add((this.#kept?.open ?? []).filter(here));
    const recent = this.open.recent.peek().find(here);
    const before = here(this.#kept?.active) ?? here(this.#expected?.file);
    const id = recent ?? before ?? this.open.order.peek().find(here) ?? files[0]?.id;
    if (id) this.show(id);
  }

  /** Apply edits to the visible texts, and move the carets of those who made them. */
  receive({ edits, carets }: Received): void {
    for (const at of this.#elsewhere.values()) {
      const edit = edits.get(at.file);
      if (edit) at.selections = at.selections.map(([from, to]) => [edit.map(from), edit.map(to)]);
    }
    const { client: self } = this.#room;
    for (const [client, { file, position }] of carets) {
      if (client !== self) this.#keepElsewhere(client, file, [[position, position]]);
    }
    for (const [file, shown] of this.#shown) {
      const edit = edits.get(file);
      const effects = [...carets].flatMap(([client, caret]): StateEffect<unknown>[] => {
        const here = caret.file === file;
        const selections = here ? ([[caret.position, caret.position]] as const) : [];
        // If the person here edited one file but now looks at another, the others must be told of the
        // caret there.
        if (client === self) return [believed.of(here ? selections : null)];
        return here || shown.caretOf(client) ? [moveCaret.of({ client, selections })] : [];
      });
      if (!edit && effects.length === 0) continue;
      this.#change(file, shown, () => ({ ...(edit && remoteEdit(shown.state, edit)), effects }));
    }
    this.refresh();
  }

  /** Apply the room's edit to a visible text. */
  edit(file: FileId, edit: Operation | null): void {
    const shown = this.#shown.get(file);
    if (edit && shown) this.#change(file, shown, () => remoteEdit(shown.state, edit));
    this.refresh();
  }

  /** Show the room's current texts. Returns the shown texts that differed from the room's. */
  reset(): string[] {
    const lost: string[] = [];
    for (const [file, shown] of this.#shown) {
      if (!this.#room.has(file)) continue;
      const text = this.#room.text(file);
      if (shown.text === text) continue;
      lost.push(shown.text);
      shown.replace(text);
    }
    this.refresh();
    return lost;
  }

  /** Put a client's carets where the room has them; null removes them. */
  showCaret(client: ClientId, caret: Caret | null): void {
    const file = caret?.file ?? null;
    const placed = (caret?.selections ?? []).map(
      ([anchor, head]) =>
        [this.#room.place(file ?? "", anchor), this.#room.place(file ?? "", head)] as const,
    );
    this.#keepElsewhere(client, file, placed);
    for (const [id, shown] of this.#shown) {
      const selections = id === file ? placed : [];
      if (selections.length > 0 || shown.caretOf(client)) {
        shown.dispatch({ effects: moveCaret.of({ client, selections }) });
      }
    }
  }

  /** Dispatch an effect to every document. */
  tell(effect: StateEffect<unknown>): void {
    for (const shown of this.#shown.values()) shown.dispatch({ effects: effect });
  }

  detach(): void {
    for (const shown of this.#shown.values()) shown.detach();
  }

  /**
   * Change a document. If the change fails, replace the whole text; otherwise the document would report
   * wrong edits later.
   */
  #change(file: FileId, shown: Document, change: () => TransactionSpec): void {
    const done = guarded(() => shown.dispatch(change()));
    if (!done) guarded(() => shown.replace(this.#room.text(file)));
  }

  #keepElsewhere(client: ClientId, file: FileId | null, selections: readonly Selection[]): void {
    this.#elsewhere.delete(client);
    if (file !== null && !this.#shown.has(file)) this.#elsewhere.set(client, { file, selections });
  }

  /**
   * Return an asset of the room that is not removed. Every change of the tree replaces `#files` too, so
   * signals that read `#files` see assets change.
   */
  #asset(id: FileId): AssetInfo | null {
    const { tree } = this.#room.outline;
    const node = tree.get(id);
    if (node?.kind !== "asset" || !tree.isLiving(id)) return null;
    const { blob, size } = node;
    return { id, path: tree.path(id), language: ASSET, blob, size };
  }

  #newDocument(file: FileInfo): Document {
    const made = new Document(this.#room.text(file.id), this.#extensions(file, this.#present));
    made.setLanguage(file.language);
    const place = this.#expected?.file === file.id ? this.#expected : this.#kept?.places[file.id];
    if (place) made.goBackTo(place);
    for (const [client, at] of this.#elsewhere) {
      if (at.file !== file.id) continue;
      this.#elsewhere.delete(client);
      made.dispatch({ effects: moveCaret.of({ client, selections: at.selections }) });
    }
    return made;
  }
}
