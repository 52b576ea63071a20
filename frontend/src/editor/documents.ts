/** The files of a room on the page: a document for each, and what the room does to their texts. */
import type { Extension, StateEffect, TransactionSpec } from "@codemirror/state";
import { type ReadonlySignal, signal } from "@preact/signals";
import { guarded } from "../link/listeners";
import type { Caret, ClientId, FileId, FileInfo, ServerMessage } from "../link/protocol";
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
  readonly #room: RoomClient;
  readonly #extensions: (file: FileInfo) => Extension;
  readonly #shown = new Map<FileId, Document>();
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
    const [first] = this.#shown;
    return first ? { file: first[0], ...first[1].place } : null;
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

  /** Have a document for every file, each in its language. */
  refresh(): void {
    const files = this.#room.outline.files.map((file) => ({
      ...file,
      path: pathIn(file.language, file.path),
    }));
    for (const file of files) {
      const shown = this.#shown.get(file.id) ?? this.#newDocument(file);
      this.#shown.set(file.id, shown);
      shown.setLanguage(file.language);
    }
    if (JSON.stringify(files) !== JSON.stringify(this.#files.peek())) this.#files.value = files;
  }

  /** Bring the visible texts up to date, and the carets of those who changed them. */
  show({ edits, carets }: Received): void {
    for (const [file, shown] of this.#shown) {
      const edit = edits.get(file);
      const effects = [...carets].map(([client, caret]) => {
        const selections = caret.file === file ? ([[caret.position, caret.position]] as const) : [];
        return client === this.#room.client
          ? believed.of(selections)
          : moveCaret.of({ client, selections });
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
    for (const [file, shown] of this.#shown) {
      const selections = caret?.file === file ? caret.selections : [];
      const placed = selections.map(
        ([anchor, head]) => [this.#room.place(file, anchor), this.#room.place(file, head)] as const,
      );
      shown.dispatch({ effects: moveCaret.of({ client, selections: placed }) });
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

  #newDocument(file: FileInfo): Document {
    const made = new Document(this.#room.text(file.id), this.#extensions(file));
    if (this.#expected?.file === file.id) made.goBackTo(this.#expected);
    return made;
  }
}
