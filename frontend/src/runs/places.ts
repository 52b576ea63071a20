/** Finds places like `main.py:12` in a program's output, and the lines that a traceback names. */

export interface Place {
  /** The path as the program wrote it. */
  path: string;
  /** Both are counted from 1. */
  line: number;
  column: number;
}

/** A place and where its words stand in the text. */
export interface Found extends Place {
  from: number;
  to: number;
}

/** A line of a traceback. `inner` is the one where the error was raised, as far as the room's files go. */
export interface Mark extends Place {
  message: string;
  inner: boolean;
}

/** The longest text in which places are looked for. */
const LONGEST = 2000;
const PYTHON = /File "([^"\n]{1,1024})", line (\d{1,7})/g;
/** The end of a place; the path before it is read backwards, so that no line takes long. */
const COLON = /\.\w{1,10}:(\d{1,7})(?::(\d{1,7}))?/g;
/** No path in a place has these. */
const OUTSIDE = /[\s"'`()<>[\]{}:,;|=]/;
const SCHEME = "file://";

/** Return the places that a line of output names, in order and without overlap. */
export function placesIn(text: string): Found[] {
  if (text.length > LONGEST) return [];
  const found: Found[] = [];
  for (const match of text.matchAll(PYTHON)) {
    const [words, path = "", line] = match;
    const from = match.index;
    found.push({ path, line: Number(line), column: 1, from, to: from + words.length });
  }
  let last = 0;
  for (const match of text.matchAll(COLON)) {
    const [words, line, column = 1] = match;
    const to = match.index + words.length;
    let start = match.index;
    while (start > last && !OUTSIDE.test(text.charAt(start - 1))) start--;
    // Of "file:///room/main.js" the path is what follows the two slashes.
    const hasScheme = text.endsWith(SCHEME, start + 2);
    const path = text.slice(hasScheme ? start + 2 : start, text.indexOf(":", match.index));
    const from = hasScheme ? start + 2 - SCHEME.length : start;
    last = to;
    if (start === match.index || found.some((other) => other.from < to && from < other.to))
      continue;
    found.push({ path, line: Number(line), column: Number(column), from, to });
  }
  return found.filter(({ line }) => line > 0).sort((a, b) => a.from - b.from);
}

/** The folder of the room in a sandbox, at the start of a path. */
const FOLDER = /^(?:file:\/\/)?\/(?:[^/]+\/)*?room\//;

/** Return the path in the room that a program means by a path, as far as `has` knows it; null for none. */
export function pathInRoom(path: string, has: (path: string) => boolean): string | null {
  const plain = path.replace(FOLDER, "").replace(/^(?:\.\/)+/, "");
  return !plain.startsWith("/") && has(plain) ? plain : null;
}

const FRAME = /^[\s|+-]*File "([^"\n]{1,1024})", line (\d{1,7})/;
const NODE_FRAME = /^\s+at (?:.* \()?(?:file:\/\/)?(\/[^()\n]{1,1024}?):(\d{1,7}):(\d{1,7})\)?$/;
const NODE_HEAD = /^(?:file:\/\/)?(\/[^:\n]{1,1024}):(\d{1,7})$/;
const ERROR = /^[\s|+-]*((?:[A-Za-z_$][\w$]*\.)*[A-Za-z_$][\w$]*)(?: \[\w+\])?(?:: (.*))?$/;
/** A program that was stopped has no error. */
const STOPPED = new Set(["KeyboardInterrupt"]);

/**
 * Return the marks of all tracebacks in a program's stderr, at most one for each line of a
 * file. `has` tells whether a path is one of the room's.
 */
export function marksIn(text: string, has: (path: string) => boolean): Mark[] {
  const marks = new Map<string, Mark>();
  const reader = new Tracebacks((frames, message) => {
    const own = frames.flatMap((frame) => {
      const path = pathInRoom(frame.path, has);
      return path === null ? [] : [{ ...frame, path }];
    });
    for (const [index, frame] of own.entries()) {
      const mark = { ...frame, message, inner: index === 0 };
      const key = `${frame.path}:${frame.line}`;
      // The same line may be on the way to several errors. Where one was raised counts most.
      if (!marks.get(key)?.inner) marks.set(key, mark);
    }
  });
  for (const line of text.split("\n")) reader.read(line.trimEnd());
  reader.end();
  return [...marks.values()];
}

/** Reads tracebacks of Python and of Node, line by line. Tells the frames of each, the inmost first. */
class Tracebacks {
  readonly #tell: (frames: readonly Place[], message: string) => void;
  /** The frames of a traceback of Python, the outermost first. */
  #frames: Place[] = [];
  /** The place in the first line that Node writes, the message of an error, and the frames after it. */
  #head: Place | null = null;
  #message: string | null = null;
  #stack: Place[] = [];

  constructor(tell: (frames: readonly Place[], message: string) => void) {
    this.#tell = tell;
  }

  read(line: string): void {
    if (line.length > LONGEST) return;
    const frame = placeOf(FRAME.exec(line));
    if (frame) {
      this.#frames.push(frame);
      return;
    }
    const called = placeOf(NODE_FRAME.exec(line));
    if (called && this.#message !== null) {
      this.#stack.push(called);
      return;
    }
    const head = placeOf(NODE_HEAD.exec(line));
    if (head) {
      this.end();
      this.#head = head;
      return;
    }
    const [, name = "", words = ""] = ERROR.exec(line) ?? [];
    if (!name || (this.#frames.length > 0 && /^\s/.test(line))) {
      if (this.#stack.length > 0 && !/^\s+at /.test(line)) this.end();
      return;
    }
    if (this.#frames.length > 0) {
      const message = words ? `${name}: ${words}` : name;
      if (!STOPPED.has(name)) this.#tell(this.#frames.reverse(), message);
      this.#frames = [];
    } else if (/(?:Error|Exception)$/.test(name)) {
      if (this.#stack.length > 0) this.end();
      this.#message = words ? `${name}: ${words}` : name;
    }
  }

  /** Tell of the last traceback of Node. */
  end(): void {
    const head = this.#head && this.#stack.every((one) => !isSame(one, this.#head));
    const frames = head && this.#head ? [this.#head, ...this.#stack] : this.#stack;
    if (this.#message !== null && frames.length > 0) this.#tell(frames, this.#message);
    this.#head = null;
    this.#message = null;
    this.#stack = [];
  }
}

function isSame(one: Place, other: Place | null): boolean {
  return one.path === other?.path && one.line === other.line;
}

function placeOf(found: RegExpExecArray | null): Place | null {
  const [, path, line, column = 1] = found ?? [];
  return path && Number(line) > 0 ? { path, line: Number(line), column: Number(column) } : null;
}
