/** The files that a run ran: those of the room at its revision. Finds the present places of their lines. */
import type { RoomContext } from "../feature";
import type { FileId, FileInfo } from "../link/protocol";
import { filesAt, textAt } from "./api";
import { type Place, pathInRoom } from "./places";
import { follow, offsetNow, placeIn } from "./since";

export class Ran {
  readonly run: number;
  readonly #revision: number;
  readonly #room: RoomContext;
  /** By path, the files at the revision, once they are known. */
  #files: ReadonlyMap<string, FileId> | null = null;
  #asked: Promise<ReadonlyMap<string, FileId>> | null = null;
  #fresh = false;
  readonly #texts = new Map<string, Promise<string>>();

  /** `revision` is that of the files, which may be older than the run. */
  constructor(room: RoomContext, run: number, revision = run) {
    this.#room = room;
    this.run = run;
    this.#revision = revision;
  }

  /** Tells whether the page has heard how the run began. */
  get isFresh(): boolean {
    return this.#fresh;
  }

  /** Follow all open files from now on. Call this when the page hears that the run begins. */
  follow(): void {
    if (this.#revision !== this.run) return;
    this.#fresh = true;
    const { session } = this.#room;
    const files = session.files.peek();
    this.#files = new Map(files.map(({ id, path }) => [path, id]));
    for (const file of session.here.peek()) this.#follow(file);
  }

  /** The files at the run's revision, by path. Rejects if the server does not answer. */
  async files(): Promise<ReadonlyMap<string, FileId>> {
    if (this.#files) return this.#files;
    this.#asked ??= filesAt(this.#room.id, this.#revision);
    try {
      this.#files = await this.#asked;
      return this.#files;
    } finally {
      this.#asked = null;
    }
  }

  /** Return the path in the room that the program means by a path; null for none, and before the files are known. */
  pathOf(path: string): string | null {
    const known = this.#files ?? pathsOf(this.#room.session.files.peek());
    return pathInRoom(path, (path) => known.has(path));
  }

  /** The text of a file as the run ran it. Rejects if the server does not answer. */
  text(path: string): Promise<string> {
    const known = this.#texts.get(path);
    if (known) return known;
    const asked = textAt(this.#room.id, path, this.#revision);
    this.#texts.set(path, asked);
    asked.catch(() => this.#texts.delete(path));
    return asked;
  }

  /** Go to the present place of a line of the run. Tells the person if it cannot be found. */
  async goTo({ path, line, column }: Place): Promise<void> {
    const { session } = this.#room;
    try {
      const file = (await this.files()).get(path);
      if (!file || !session.files.peek().some(({ id }) => id === file)) {
        session.say("warn", `“${path}” is not in this room any more.`);
        return;
      }
      const ran = await this.text(path);
      const text = await session.textWhenHere(file);
      this.#follow(file);
      const at = this.#offsetNow(file, ran, { path, line, column });
      session.open(file, at ?? placeIn(text, ran, line, column));
    } catch {
      session.say("warn", `The line in “${path}” could not be found. Try again online.`);
    }
  }

  /** Return the present start of a line of the run in an open file, in UTF-16 units; null if the file is not open. */
  async lineNow(file: FileId, place: Place): Promise<{ from: number; text: string } | null> {
    const ran = await this.text(place.path);
    this.#follow(file);
    const document = this.#room.session.documentOf(file);
    const from = document && offsetNow(document, ran, place.line);
    if (!from) return null;
    return { from: from.from, text: ran.split("\n")[place.line - 1] ?? "" };
  }

  #offsetNow(file: FileId, ran: string, place: Place): { line: number; column: number } | null {
    const document = this.#room.session.documentOf(file);
    const at = document && offsetNow(document, ran, place.line, place.column);
    if (!document || !at) return null;
    const line = document.state.doc.lineAt(at.from);
    return { line: line.number, column: [...line.text.slice(0, at.from - line.from)].length + 1 };
  }

  #follow(file: FileId): void {
    const document = this.#room.session.documentOf(file);
    if (document) follow(document, this.run);
  }
}

const paths = new WeakMap<readonly FileInfo[], ReadonlySet<string>>();

/** The paths of files. The same list gives the same set. */
function pathsOf(files: readonly FileInfo[]): ReadonlySet<string> {
  const known = paths.get(files) ?? new Set(files.map(({ path }) => path));
  paths.set(files, known);
  return known;
}
