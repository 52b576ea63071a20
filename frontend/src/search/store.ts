/** The state of a room's search: the query and its results. */
import { batch, computed, effect, type ReadonlySignal, signal } from "@preact/signals";
import type { RoomContext } from "../feature";
import { askerOf } from "../people/asker";
import { type Query, replace, search, undo } from "./api";
import {
  countOf,
  type FoundFile,
  inWords,
  patternsIn,
  type Row,
  rowsOf,
  startsOf,
  withMore,
  without,
} from "./found";

/** The time in ms after the last key before a search begins by itself. */
const PAUSE = 300;

export interface Asked {
  query: string;
  case: boolean;
  words: boolean;
  regex: boolean;
  include: string;
  exclude: string;
  replacement: string;
}

const NOTHING: Asked = {
  query: "",
  case: false,
  words: false,
  regex: false,
  include: "",
  exclude: "",
  replacement: "",
};

export class SearchStore {
  readonly #room: RoomContext;
  readonly asked = signal<Asked>(NOTHING);
  /** Tells whether the fields for a replacement and for the files are shown. */
  readonly replaces = signal(false);
  readonly narrows = signal(false);
  readonly files = signal<readonly FoundFile[]>([]);
  readonly closed = signal<ReadonlySet<string>>(new Set());
  readonly rows: ReadonlySignal<readonly Row[]> = computed(() =>
    rowsOf(this.files.value, this.closed.value),
  );
  /** The row that has the focus. */
  readonly focused = signal<string | null>(null);
  /** The revision that was searched; null before the first search. */
  readonly revision = signal<number | null>(null);
  readonly busy = signal(false);
  /** The fault of the search, in words. */
  readonly problem = signal<string | null>(null);
  /** A remark about the search. */
  readonly remark = signal<string | null>(null);
  /** The number of matches that were removed from the list. */
  readonly leftOut = signal(0);
  /** A replacement that can be undone: its revision, and words for it. */
  readonly done = signal<{ revision: number; words: string } | null>(null);
  /** Tells whether the room may have changed since it was searched. */
  readonly stale = signal(false);
  /** Tells whether a replacement, or its undoing, is under way. */
  readonly changing = signal(false);
  #running: AbortController | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(room: RoomContext) {
    this.#room = room;
    let before = room.session.updatedAt.peek();
    effect(() => {
      const now = room.session.updatedAt.value;
      if (now !== before && this.revision.peek() !== null) this.stale.value = true;
      before = now;
    });
  }

  readonly summary: ReadonlySignal<string> = computed(() => {
    const files = this.files.value;
    if (this.problem.value) return this.problem.value;
    if (this.busy.value && files.length === 0) return "Searching…";
    if (this.revision.value === null) return "";
    if (files.length === 0) return "Nothing found.";
    return inWords(countOf(files), files.length);
  });

  /** Change the query. The search begins a little later. */
  ask(change: Partial<Asked>): void {
    this.asked.value = { ...this.asked.peek(), ...change };
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.search(), PAUSE);
  }

  /** Search now. Earlier results stay until the first new one arrives. */
  async search(): Promise<void> {
    clearTimeout(this.#timer);
    this.#running?.abort();
    const running = new AbortController();
    this.#running = running;
    const query = this.#query;
    if (!query.query) {
      this.#show([], { revision: null });
      this.busy.value = false;
      return;
    }
    this.busy.value = true;
    const replacement = this.replaces.peek() ? { replacement: this.asked.peek().replacement } : {};
    let files: readonly FoundFile[] = [];
    let drawn = 0;
    try {
      const { signal } = running;
      for await (const line of search(this.#room.id, { ...query, ...replacement }, signal)) {
        if (signal.aborted) return;
        if (line.type === "begin") {
          const remark = line.assets ? assetsInWords(line.assets) : null;
          this.#show([], { revision: line.revision, remark });
        } else if (line.type === "file") {
          files = withMore(files, line);
          // Show the first results at once, and the others in intervals.
          if (drawn === 0 || performance.now() - drawn > 100) {
            this.files.value = files;
            drawn = performance.now();
          }
        } else if (line.words) {
          this.remark.value = line.words;
        }
      }
      this.files.value = files;
    } catch (error) {
      if (running.signal.aborted) return;
      this.#show([], { revision: null });
      this.problem.value = error instanceof Error ? error.message : String(error);
    }
    this.busy.value = false;
  }

  /** Remove a file or a match from the list. It is then left out of replacements. */
  leaveOut(row: Row): void {
    const rows = this.rows.peek();
    const index = rows.indexOf(row);
    const files = without(this.files.peek(), row);
    batch(() => {
      this.leftOut.value += countOf(this.files.peek()) - countOf(files);
      this.files.value = files;
      const next = this.rows.value;
      this.focused.value = (next[index] ?? next.at(-1))?.id ?? null;
    });
  }

  toggle(file: string, open = this.closed.peek().has(file)): void {
    const closed = new Set(this.closed.peek());
    if (open) closed.delete(file);
    else closed.add(file);
    this.closed.value = closed;
  }

  /** Close all files, or open all if all are closed. */
  toggleAll(): void {
    const files = this.files.peek();
    const all = this.closed.peek().size < files.length;
    this.closed.value = new Set(all ? files.map(({ id }) => id) : []);
  }

  /** Replace the matches in these files, or all in the list. */
  async replace(files: readonly FoundFile[] = this.files.peek()): Promise<void> {
    const revision = this.revision.peek();
    if (revision === null || files.length === 0 || this.busy.peek()) return;
    const some = files !== this.files.peek() || this.leftOut.peek() > 0;
    await this.#change(async () => {
      const wanted = {
        ...this.#query,
        replacement: this.asked.peek().replacement,
        revision,
        ...(some && { matches: startsOf(files) }),
      };
      const found = await replace(this.#room.id, wanted, askerOf(this.#room));
      if (found.matches === 0) return null;
      const words = `Replaced ${inWords(found.matches, found.files.length)}.`;
      return { revision: found.revision, words };
    });
  }

  /** Undo the last replacement. */
  async undo(): Promise<void> {
    const done = this.done.peek();
    if (!done || this.changing.peek()) return;
    await this.#change(async () => {
      await undo(this.#room.id, done.revision, askerOf(this.#room));
      return null;
    });
  }

  /** Undo the last replacement for a person who may not see the search. */
  async #takeBack(): Promise<void> {
    if (!this.done.peek()) return;
    await this.undo();
    if (!this.done.peek()) this.#room.session.say("info", "The replacement was undone.");
    else if (this.problem.peek()) this.#room.session.say("warn", this.problem.peek() ?? "");
  }

  /** Change the room, and search it again. */
  async #change(work: () => Promise<{ revision: number; words: string } | null>): Promise<void> {
    const { session } = this.#room;
    this.busy.value = true;
    this.problem.value = null;
    this.changing.value = true;
    try {
      const done = await work();
      this.done.value = done;
      session.undoes(done && (() => void this.#takeBack()));
    } catch (error) {
      this.busy.value = false;
      this.problem.value = error instanceof Error ? error.message : String(error);
      return;
    } finally {
      this.changing.value = false;
    }
    await this.search();
  }

  #show(
    files: readonly FoundFile[],
    { revision, remark = null }: { revision: number | null; remark?: string | null },
  ): void {
    batch(() => {
      this.files.value = files;
      this.closed.value = new Set();
      this.revision.value = revision;
      this.remark.value = remark;
      this.problem.value = null;
      this.leftOut.value = 0;
      this.stale.value = false;
    });
  }

  get #query(): Query {
    const { query, case: cased, words, regex, include, exclude } = this.asked.peek();
    return {
      query,
      case: cased,
      words,
      regex,
      include: patternsIn(include),
      exclude: patternsIn(exclude),
    };
  }
}

function assetsInWords(count: number): string {
  const files =
    count === 1
      ? "One image or other binary file is"
      : `${count} images and other binary files are`;
  return `${files} not searched.`;
}

const stores = new WeakMap<RoomContext, SearchStore>();

/** Return the search of a room. It is made at the first call. */
export function searchOf(room: RoomContext): SearchStore {
  const store = stores.get(room) ?? new SearchStore(room);
  stores.set(room, store);
  return store;
}
