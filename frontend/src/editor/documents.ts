/** The files of a room on the page: a document for each, and what the room does to their texts. */
import type { Extension, StateEffect, TransactionSpec } from "@codemirror/state";
import { batch, computed, type ReadonlySignal, signal } from "@preact/signals";
import type { Listener } from "../link/exchange";
import { guarded } from "../link/listeners";
import type { Caret, ClientId, FileId, FileInfo, Selection, ServerMessage } from "../link/protocol";
import type { Operation } from "../ot";
import type { Received, RoomClient } from "../room";
import { pathIn } from "../ui/languages";
import type { Whereabouts } from "../work/lastTexts";
import { moveCaret } from "./carets";
import { remoteEdit } from "./collab";
import { Document } from "./document";
import { believed } from "./presence";

export class Documents {
  readonly #files = signal<readonly FileInfo[]>([]);
  readonly files: ReadonlySignal<readonly FileInfo[]> = this.#files;
  readonly #opened = signal<readonly FileId[]>([]);
  readonly #active = signal<FileId | null>(null);
  /** The files that the person here has open, in the order of opening. */
  readonly openFiles: ReadonlySignal<readonly FileInfo[]> = computed(() =>
    this.#opened.value.flatMap((id) => this.#files.value.find((file) => file.id === id) ?? []),
  );
  /** The file that is shown; null before there is one. */
  readonly activeFile: ReadonlySignal<FileInfo | null> = computed(
    () => this.openFiles.value.find(({ id }) => id === this.#active.value) ?? null,
  );
  readonly #room: RoomClient;
  readonly #extensions: (file: FileInfo) => Extension;
  readonly #shown = new Map<FileId, Document>();
  /** Where clients are in files without a document, in positions of the visible text. */
  readonly #elsewhere = new Map<ClientId, { file: FileId; selections: readonly Selection[] }>();
  #expected: Whereabouts | null = null;

  constructor(room: RoomClient, extensions: (file: FileInfo) => Extension) {
    this.#room = room;
    this.#extensions = extensions;
  }

  get(file: FileId): Document | undefined {
    return this.#shown.get(file);
  }

  /** Where the person here was in a file before: its document begins there. */
  expect(whereabouts: Whereabouts | null): void {
    this.#expected = whereabouts;
  }

  /** Where the person here is. */
  get whereabouts(): Whereabouts | null {
    const file = this.#active.peek();
    const shown = file === null ? undefined : this.#shown.get(file);
    return file !== null && shown ? { file, ...shown.place } : null;
  }

  /** Where a client's caret is, counted from 1. */
  caretOf(client: ClientId): { file: FileId; line: number; column: number } | null {
    for (const [file, shown] of this.#shown) {
      const caret = shown.caretOf(client);
      if (caret) return { file, ...caret };
    }
    return null;
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
        if (received) this.show(received);
        else onLost(this.reset(), unsaved > 0);
        this.tell(believed.of(null));
      },
      received: (received) => this.show(received),
      mended: (file, edit) => this.edit(file, edit),
      refused: (file, edit) => file && this.edit(file, edit),
    };
  }

  /** Show a file. Its document is made when the file is opened for the first time. */
  open(id: FileId): void {
    const file = this.#files.peek().find((other) => other.id === id);
    if (!file) return;
    if (!this.#shown.has(id)) this.#shown.set(id, this.#newDocument(file));
    batch(() => {
      if (!this.#opened.peek().includes(id)) this.#opened.value = [...this.#opened.peek(), id];
      this.#active.value = id;
    });
  }

  /** Follow the room's files and their languages. The first file is opened where none is. */
  refresh(): void {
    const files = this.#room.outline.files.map((file) => ({
      ...file,
      path: pathIn(file.language, file.path),
    }));
    for (const file of files) this.#shown.get(file.id)?.setLanguage(file.language);
    batch(() => {
      if (JSON.stringify(files) !== JSON.stringify(this.#files.peek())) this.#files.value = files;
      const [first] = files;
      if (first && !this.activeFile.peek()) this.open(first.id);
    });
  }

  /** Bring the visible texts up to date, and the carets of those who changed them. */
  show({ edits, carets }: Received): void {
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
        if (client === self) return here ? [believed.of(selections)] : [];
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
    const made = new Document(this.#room.text(file.id), this.#extensions(file));
    made.setLanguage(file.language);
    if (this.#expected?.file === file.id) made.goBackTo(this.#expected);
    for (const [client, at] of this.#elsewhere) {
      if (at.file !== file.id) continue;
      this.#elsewhere.delete(client);
      made.dispatch({ effects: moveCaret.of({ client, selections: at.selections }) });
    }
    return made;
  }
}
