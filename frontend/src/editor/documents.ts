/** The files of a room on the page: a document for each, and what the room does to their texts. */
import type { Extension, StateEffect, TransactionSpec } from "@codemirror/state";
import { batch, computed, type ReadonlySignal, signal } from "@preact/signals";
import type { Listener } from "../link/exchange";
import { guarded } from "../link/listeners";
import type { Caret, ClientId, FileId, FileInfo, Selection, ServerMessage } from "../link/protocol";
import type { Operation } from "../ot";
import type { Received, RoomClient } from "../room";
import type { Whereabouts } from "../work/lastTexts";
import { moveCaret } from "./carets";
import { remoteEdit } from "./collab";
import { Document, lineAndColumnIn } from "./document";
import type { KeptFiles } from "./keptFiles";
import { OpenFiles } from "./openFiles";
import { believed, type Present } from "./presence";

/** What the editor of a file is made of. */
type Extensions = (file: FileInfo, present: Present) => Extension;

export class Documents {
  readonly #files = signal<readonly FileInfo[]>([]);
  readonly files: ReadonlySignal<readonly FileInfo[]> = this.#files;
  /** What the person here has open. Files that are no longer in the room stay in it. */
  readonly open = new OpenFiles();
  readonly #byId = computed(() => new Map(this.#files.value.map((file) => [file.id, file])));
  /** The files that the person here has open, in the order of their tabs. */
  readonly openFiles: ReadonlySignal<readonly FileInfo[]> = computed(() =>
    this.open.order.value.flatMap((id) => this.#byId.value.get(id) ?? []),
  );
  /** The file that is shown; null before there is one. */
  readonly activeFile: ReadonlySignal<FileInfo | null> = computed(
    () => this.#byId.value.get(this.open.active.value ?? "") ?? null,
  );
  /** Whether the person here has been in a text of the room, so that the others are told where. */
  readonly #present: Present = { here: false };
  readonly #room: RoomClient;
  readonly #extensions: Extensions;
  readonly #shown = new Map<FileId, Document>();
  /** Where clients are in files without a document, in positions of the visible text. */
  readonly #elsewhere = new Map<ClientId, { file: FileId; selections: readonly Selection[] }>();
  #expected: Whereabouts | null = null;
  /** What was open in the room before. It is opened with the first file. */
  #kept: KeptFiles | null = null;

  constructor(room: RoomClient, extensions: Extensions) {
    this.#room = room;
    this.#extensions = extensions;
  }

  get(file: FileId): Document | undefined {
    return this.#shown.get(file);
  }

  /** What the person here had open before, and where they were: documents begin there. */
  expect(whereabouts: Whereabouts | null, kept: KeptFiles | null = null): void {
    this.#expected = whereabouts;
    this.#kept = kept;
  }

  /** What to keep of the open files. */
  get kept(): KeptFiles {
    const open = this.openFiles.peek().map(({ id }) => id);
    const places = open.flatMap((id) => {
      const place = this.#shown.get(id)?.place ?? this.#kept?.places[id];
      return place ? [[id, place]] : [];
    });
    return { open, active: this.open.active.peek(), places: Object.fromEntries(places) };
  }

  /** Where the person here is. */
  get whereabouts(): Whereabouts | null {
    const file = this.open.active.peek();
    const shown = file === null ? undefined : this.#shown.get(file);
    return file !== null && shown ? { file, ...shown.place } : null;
  }

  /** Where a client's caret is, counted from 1. */
  caretOf(client: ClientId): { file: FileId; line: number; column: number } | null {
    for (const [file, shown] of this.#shown) {
      const caret = shown.caretOf(client);
      if (caret) return { file, ...caret };
    }
    const at = this.#elsewhere.get(client);
    const [selection] = at?.selections ?? [];
    if (!at || !selection || !this.#byId.peek().has(at.file)) return null;
    return { file: at.file, ...lineAndColumnIn(this.#room.text(at.file), selection[1]) };
  }

  /** Whether a message would edit a line in which somebody here composes a character. */
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

  /** Follows the room. `onLost` gets texts that were shown and are not the room's, when all texts came anew. */
  following(onLost: (texts: readonly string[], unsaved: boolean) => void): Listener {
    return {
      joined: (_message, received, unsaved) => {
        if (received) this.receive(received);
        else onLost(this.reset(), unsaved > 0);
        this.tell(believed.of(null));
      },
      received: (received) => this.receive(received),
      mended: (file, edit) => this.edit(file, edit),
      refused: (file, edit) => file && this.edit(file, edit),
    };
  }

  /** Show a file that the person here asks for. */
  ask(id: FileId): void {
    this.#present.here = true;
    this.open.wanted = id;
    this.show(id);
  }

  /** Show a file. Its document is made when the file is opened for the first time. */
  show(id: FileId): void {
    const file = this.#byId.peek().get(id);
    if (!file) return;
    if (!this.#shown.has(id)) this.#shown.set(id, this.#newDocument(file));
    this.open.show(id);
  }

  /** Close a file. Its document stays, with what can be undone. */
  close(id: FileId): void {
    const next = this.open.nextAfter(id);
    batch(() => {
      if (next !== null) this.show(next);
      this.open.close(id);
    });
  }

  /** Follow the room's files and their languages. The first file is opened where none is. */
  refresh(): void {
    const files = this.#room.infos;
    for (const file of files) this.#shown.get(file.id)?.setLanguage(file.language);
    batch(() => {
      this.#files.value = files;
      if (files.length > 0 && !this.activeFile.peek()) this.#showAny(files);
    });
  }

  /** Show a file where none is shown: one that was open here before, else the first. */
  #showAny(files: readonly FileInfo[]): void {
    const here = (id: FileId | null | undefined) => (id && this.#byId.peek().has(id) ? id : null);
    if (this.open.order.peek().length === 0) this.open.add((this.#kept?.open ?? []).filter(here));
    const recent = this.open.recent.peek().find(here);
    const before = here(this.#kept?.active) ?? here(this.#expected?.file);
    const id = recent ?? before ?? this.open.order.peek().find(here) ?? files[0]?.id;
    if (id) this.show(id);
  }

  /** Bring the visible texts up to date, and the carets of those who changed them. */
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
        // Who edited one file and looks at another one by now is to be told of there.
        if (client === self) return [believed.of(here ? selections : null)];
        return here || shown.caretOf(client) ? [moveCaret.of({ client, selections })] : [];
      });
      if (!edit && effects.length === 0) continue;
      this.#change(file, shown, () => ({ ...(edit && remoteEdit(shown.state, edit)), effects }));
    }
    this.refresh();
  }

  /** Change a visible text as the room has it. */
  edit(file: FileId, edit: Operation | null): void {
    const shown = this.#shown.get(file);
    if (edit && shown) this.#change(file, shown, () => remoteEdit(shown.state, edit));
    this.refresh();
  }

  /** Show what the room has now. Returns the texts that were there and are not the room's. */
  reset(): string[] {
    const lost: string[] = [];
    for (const [file, shown] of this.#shown) {
      const text = this.#room.text(file);
      if (shown.text === text) continue;
      lost.push(shown.text);
      shown.replace(text);
    }
    this.refresh();
    return lost;
  }

  /** Put a client's carets where the room has them; null: nowhere. */
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

  /** Tell every document. */
  tell(effect: StateEffect<unknown>): void {
    for (const shown of this.#shown.values()) shown.dispatch({ effects: effect });
  }

  detach(): void {
    for (const shown of this.#shown.values()) shown.detach();
  }

  /** Change a document. One that fails to follow takes the whole text, or it would tell of wrong edits. */
  #change(file: FileId, shown: Document, change: () => TransactionSpec): void {
    const done = guarded(() => shown.dispatch(change()));
    if (!done) guarded(() => shown.replace(this.#room.text(file)));
  }

  #keepElsewhere(client: ClientId, file: FileId | null, selections: readonly Selection[]): void {
    this.#elsewhere.delete(client);
    if (file !== null && !this.#shown.has(file)) this.#elsewhere.set(client, { file, selections });
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
