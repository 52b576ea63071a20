/**
 * The output of a program, as a text with styles. Takes the pieces of output in their order and tells how
 * the shown text changes: it grows at its end, and a carriage return writes the last line anew, as a terminal
 * does.
 */
import { Ansi } from "./ansi";
import { type Part, STREAM } from "./messages";

/** How a stretch of the text looks. Equal styles are one object. */
export interface Style {
  classes: string;
  colour: string | null;
  /** The name of the person who typed it; "" if the program printed it. */
  author: string;
  /** The path of the picture that stands after it; "" for none. */
  picture: string;
}

/** Replace the text from `from` to its end. */
export interface Growth {
  from: number;
  insert: string;
}

/** A stretch of the text that has a style. */
export interface Run {
  from: number;
  to: number;
  style: Style;
}

const STREAMS = ["typed", "", "errors"];
// biome-ignore lint/suspicious/noControlCharactersInRegex: a terminal shows none of these either
const UNSEEN = /[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]/g;

export class Printed {
  /** The length of the text in UTF-16 units. */
  length = 0;
  /** The styled stretches, in order and without overlap. */
  readonly runs: Run[] = [];
  readonly #readers = [new Ansi(), new Ansi(), new Ansi()];
  readonly #styles = new Map<string, Style>();
  #lineStart = 0;
  /** Tells whether the next character begins the last line anew. */
  #returned = false;

  // The growth that is being made: whole lines, and the part of a line after them.
  #from = 0;
  #lines = "";
  #line = "";

  /** Take more pieces. Returns how the text changes. */
  add(parts: readonly Part[]): Growth {
    this.#from = this.length;
    this.#lines = "";
    this.#line = "";
    for (const [stream, text, more = ""] of parts) {
      if (stream === STREAM.picture) this.#show(text);
      const author = stream === STREAM.typed ? more : "";
      for (const { text: seen, classes, colour } of this.#readers[stream]?.read(text) ?? []) {
        const all = `${STREAMS[stream] ?? ""} ${classes}`.trim();
        this.#put(seen.replace(UNSEEN, ""), this.#style(all, colour, author));
      }
    }
    return { from: this.#from, insert: this.#lines + this.#line };
  }

  /** Give a picture a line of its own. */
  #show(path: string): void {
    if (this.length > this.#lineStart) this.#put("\n", null);
    const name = path.replace(/[\r\n]/g, " ");
    this.#append(`[${name}]`, { classes: "picture", colour: null, author: "", picture: path });
    this.#append("\n", null);
  }

  #put(text: string, style: Style | null): void {
    if (!text.includes("\r") && !this.#returned) {
      this.#append(text, style);
      return;
    }
    for (const piece of text.split(/(\r)/)) {
      if (piece === "\r") this.#returned = true;
      else if (piece) {
        if (this.#returned && !piece.startsWith("\n")) this.#beginLineAnew();
        this.#returned = false;
        this.#append(piece, style);
      }
    }
  }

  #append(text: string, style: Style | null): void {
    const end = text.lastIndexOf("\n") + 1;
    if (style && text) this.#addRun(this.length, this.length + text.length, style);
    if (end > 0) {
      this.#lines += this.#line + text.slice(0, end);
      this.#line = text.slice(end);
      this.#lineStart = this.length + end;
    } else {
      this.#line += text;
    }
    this.length += text.length;
  }

  #beginLineAnew(): void {
    this.#from = Math.min(this.#from, this.#lineStart);
    this.#line = "";
    this.length = this.#lineStart;
    for (let last = this.runs.at(-1); last && last.to > this.length; last = this.runs.at(-1)) {
      if (last.from < this.length) last.to = this.length;
      else this.runs.pop();
    }
  }

  #addRun(from: number, to: number, style: Style): void {
    const last = this.runs.at(-1);
    if (last?.style === style && last.to === from) last.to = to;
    else this.runs.push({ from, to, style });
  }

  #style(classes: string, colour: string | null, author: string): Style | null {
    if (!classes && !colour && !author) return null;
    const key = `${classes}\n${colour}\n${author}`;
    const known = this.#styles.get(key) ?? { classes, colour, author, picture: "" };
    this.#styles.set(key, known);
    return known;
  }
}

/** Return the runs that touch a stretch of the text. */
export function runsWithin(runs: readonly Run[], from: number, to: number): Run[] {
  let [low, high] = [0, runs.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((runs[middle] as Run).to <= from) low = middle + 1;
    else high = middle;
  }
  const within: Run[] = [];
  for (let at = low; at < runs.length && (runs[at] as Run).from < to; at++) {
    within.push(runs[at] as Run);
  }
  return within;
}

/** Cut parts into pieces of at most `most` UTF-16 units, in lists that have about as many together. */
export function* slices(parts: readonly Part[], most: number): Generator<Part[]> {
  let slice: Part[] = [];
  let size = 0;
  for (const part of parts) {
    const [stream, text, author = ""] = part;
    if (stream > STREAM.stderr) {
      slice.push(part);
      continue;
    }
    for (let at = 0; at < text.length; ) {
      let end = Math.min(text.length, at + most - size);
      if (end < text.length && /[\ud800-\udbff]/.test(text.charAt(end - 1))) end++;
      slice.push([stream, text.slice(at, end), author]);
      size += end - at;
      at = end;
      if (size >= most) {
        yield slice;
        slice = [];
        size = 0;
      }
    }
  }
  if (slice.length > 0) yield slice;
}
