/** Marks the lines of which tracebacks and failed tests of a run tell, in the files that are open. */
import { effect } from "@preact/signals";
import type { RoomContext } from "../feature";
import type { FileId } from "../link/protocol";
import { markLines } from "./lineMarks";
import { STREAM } from "./messages";
import type { Output } from "./output";
import { type Mark, marksIn } from "./places";
import type { Ran } from "./ran";
import { failuresIn, resultsOf } from "./testing";

/** The most characters of stderr that are read for tracebacks: the last ones. */
const MOST_READ = 100_000;
const MOST_MARKS = 100;

export class Marks {
  readonly #room: RoomContext;
  #ran: Ran | null = null;
  #marks: readonly Mark[] = [];
  /** The files that have their marks. */
  readonly #done = new Set<FileId>();

  constructor(room: RoomContext) {
    this.#room = room;
    // A file that is opened later is marked then.
    effect(() => {
      room.session.here.value;
      void this.#draw();
    });
  }

  /** Mark the lines that the output of a run that has ended names. */
  async show(ran: Ran, output: Output): Promise<void> {
    if (this.#ran === ran) return;
    this.clear();
    const text = errorsOf(output);
    const results = resultsOf(output);
    if (results.length === 0 && !text.includes("rror") && !text.includes('File "')) return;
    this.#ran = ran;
    try {
      const files = await ran.files();
      if (this.#ran !== ran) return;
      const has = (path: string) => files.has(path);
      this.#marks = [...failuresIn(results, has), ...marksIn(text, has)].slice(0, MOST_MARKS);
      await this.#draw();
    } catch {
      // Without the server there are no marks; the output has the words.
      this.#ran = null;
    }
  }

  clear(): void {
    const { session } = this.#room;
    for (const file of this.#done) {
      const document = session.documentOf(file);
      if (document) markLines(document, []);
    }
    this.#done.clear();
    this.#ran = null;
    this.#marks = [];
  }

  async #draw(): Promise<void> {
    const ran = this.#ran;
    if (!ran) return;
    const files = await ran.files().catch(() => null);
    for (const path of new Set(this.#marks.map((mark) => mark.path))) {
      const file = files?.get(path);
      if (!file || this.#done.has(file) || !this.#room.session.documentOf(file)) continue;
      this.#done.add(file);
      const marks = this.#marks.filter((mark) => mark.path === path);
      await this.#mark(ran, file, marks).catch(() => this.#done.delete(file));
    }
  }

  async #mark(ran: Ran, file: FileId, marks: readonly Mark[]): Promise<void> {
    // The first answer brings the text, so the others are there at once, with no edit in between.
    const found = [];
    for (const mark of marks) found.push({ mark, place: await ran.lineNow(file, mark) });
    const document = this.#room.session.documentOf(file);
    if (!document || this.#ran !== ran) return;
    const { doc } = document.state;
    const lines = found.flatMap(({ mark, place }) => {
      if (!place || place.from > doc.length) return [];
      const line = doc.lineAt(place.from);
      // Of a line that was changed since, the traceback tells nothing any more.
      return line.text === place.text
        ? [{ from: line.from, message: mark.message, inner: mark.inner }]
        : [];
    });
    markLines(document, lines);
  }
}

/** The last part of the program's stderr. */
function errorsOf(output: Output): string {
  let text = "";
  for (let at = output.chunks.length - 1; at >= 0 && text.length < MOST_READ; at--) {
    const own = (output.chunks[at] ?? []).filter(([stream]) => stream === STREAM.stderr);
    text = own.map(([, words]) => words).join("") + text;
  }
  return text.slice(-MOST_READ);
}
