/** The past of a room as the page shows it: the revision, the file, and the events with their times. */
import { batch, computed, type ReadonlySignal, signal } from "@preact/signals";
import { mayWrite } from "../access/standing";
import type { RoomContext } from "../feature";
import { hidePane, showPane } from "../frame/open";
import { askerOf } from "../people/asker";
import { linkForOthers } from "../share/sharing";
import { copyLink } from "../ui/copyLink";
import { latest } from "../ui/latest";
import {
  type Difference,
  type Heat,
  type Mark,
  PastApi,
  type PastEntry,
  type PastFile,
  type Restore,
  type Version,
} from "./api";
import type { Shown } from "./bursts";
import { PAST } from "./pane";
import type { PastText } from "./past";
import { burstEnds, fileOf, nearest, played } from "./playing";

/** The buckets of the heat bar, and the entries of a page. */
const BUCKETS = 300;
const PAGE = 1000;

export const SPEEDS = [1, 2, 4, 8, 16, 32] as const;

/** A change that would be made, to be looked at first. */
export interface Draft {
  title: string;
  words: string;
  files: readonly Difference[];
  act(): Promise<void>;
}

export interface Compared {
  from: number;
  to: number;
  files: readonly Difference[];
}

export class HistoryStore {
  readonly #room: RoomContext;
  readonly api: PastApi;
  readonly heat = signal<Heat | null>(null);
  readonly versions = signal<readonly Version[]>([]);
  readonly failed = signal<string | null>(null);
  /** The revision that is shown; null for the head. */
  readonly at = signal<number | null>(null);
  readonly files = signal<readonly PastFile[]>([]);
  /** The file to show. If the revision does not have it yet, another one is shown. */
  readonly file = signal<string | null>(null);
  readonly shownFile = signal<PastFile | null>(null);
  readonly compared = signal<Compared | null>(null);
  readonly draft = signal<Draft | null>(null);
  readonly playing = signal(false);
  readonly speed = signal<number>(4);
  /** The parts of texts that are coloured by author, in the past and, if the person wants it, now. */
  readonly shown = signal<Shown>({ coloured: true, person: null, kind: null });
  readonly revision: ReadonlySignal<number> = computed(
    () => this.at.value ?? this.heat.value?.head ?? 0,
  );
  /** Tells whether the person here may name revisions and go back to them. */
  readonly mayChange: ReadonlySignal<boolean> = computed(() =>
    mayWrite(this.#room.session.standing.value),
  );
  readonly marks: ReadonlySignal<readonly Mark[]> = computed(() => this.heat.value?.marks ?? []);
  readonly #pages = new Map<number, Promise<PastEntry[]>>();
  #screen: PastText | null = null;
  /** The revision that `files` are of. */
  #treeAt: number | null = null;
  #wanted = 0;
  #reading: Promise<void> | null = null;
  #frame = 0;
  readonly #latest = latest();

  constructor(room: RoomContext) {
    this.#room = room;
    this.api = new PastApi(room.id, () => askerOf(room));
  }

  /** Read the events anew. */
  async load(): Promise<void> {
    await this.#tried(async () => {
      const asked = Promise.all([this.api.heat(BUCKETS), this.api.versions()]);
      await this.#latest(asked, ([heat, versions]) =>
        batch(() => {
          this.heat.value = heat;
          this.versions.value = versions;
          this.failed.value = null;
        }),
      );
    }, true);
  }

  colourOf(person: string): number {
    const known = this.#room.session.people.peek().find((one) => one.person === person);
    if (known) return known.colour;
    if (!person) return 7;
    let hash = 0;
    for (const letter of person) hash = (hash * 31 + (letter.codePointAt(0) ?? 0)) % 8191;
    return hash % 8;
  }

  /** Show the room as it was. */
  async open(revision: number | null = null): Promise<void> {
    this.compared.value = null;
    showPane(PAST);
    if (!this.heat.peek()) await this.load();
    this.go(revision ?? this.revision.peek());
  }

  close(): void {
    this.pause();
    batch(() => {
      this.compared.value = null;
      this.at.value = null;
    });
    hidePane(PAST);
  }

  /** Show another revision. Of several asked for at once, the last one is read. */
  go(revision: number): void {
    const head = this.heat.peek()?.head ?? 0;
    this.at.value = Math.max(0, Math.min(head, revision));
    this.#wanted++;
    this.#reading ??= this.#read().finally(() => {
      this.#reading = null;
    });
  }

  show(file: string): void {
    this.file.value = file;
    this.go(this.revision.peek());
  }

  async #read(): Promise<void> {
    for (let read = -1; read !== this.#wanted; ) {
      read = this.#wanted;
      await this.#tried(() => this.#readOnce(this.revision.peek()));
    }
  }

  /** Show the past in this, or nowhere. */
  on(screen: PastText | null): void {
    this.#screen = screen;
    this.file.value ??= this.#room.session.activeFile.peek()?.id ?? null;
    // Before the head is known there is no revision to go to. `open` does so then.
    if (screen && this.heat.peek()) this.go(this.revision.peek());
  }

  /** Show a revision. If the screen already has a text of the file, only the difference is fetched. */
  async #readOnce(revision: number): Promise<void> {
    const screen = this.#screen;
    if (!screen) return;
    const wanted = this.file.peek();
    const from = wanted === null ? null : screen.revisionOf(wanted);
    const step =
      wanted !== null && from !== null ? await this.api.step(wanted, from, revision) : null;
    if (!step || step.tree === "changed" || step.start !== this.#treeAt) {
      const { files } = await this.api.files(revision);
      this.files.value = files.filter(({ language }) => language !== null);
    }
    this.#treeAt = revision;
    const texts = this.files.peek();
    const file = texts.find(({ id }) => id === wanted) ?? texts[0];
    const written = file && file.id !== step?.id ? await this.api.written(file.id, revision) : null;
    if (screen !== this.#screen) return;
    if (written) screen.show(written);
    else if (step && file) screen.step(step);
    else screen.clear();
    batch(() => {
      if (file && !this.file.peek()) this.file.value = file.id;
      this.shownFile.value = file ?? null;
      this.failed.value = null;
    });
  }

  /** Go on by a burst, or back. */
  async step(direction: 1 | -1): Promise<void> {
    this.pause();
    await this.#tried(async () => {
      const revision = this.revision.peek();
      for (let page = Math.floor((revision - (direction < 0 ? 1 : 0)) / PAGE); page >= 0; ) {
        const entries = await this.#page(page);
        const found = nearest(burstEnds(entries), revision, direction);
        if (found !== null) return this.go(found);
        if (direction > 0 && entries.length < PAGE) return;
        page += direction;
      }
      this.go(direction < 0 ? 0 : revision);
    });
  }

  /** Go to the next or the previous version. */
  stepVersion(direction: 1 | -1): void {
    this.pause();
    const head = this.heat.peek()?.head ?? 0;
    const revisions = [0, ...this.versions.peek().map(({ revision }) => revision), head];
    const found = nearest(revisions, this.revision.peek(), direction);
    if (found !== null) this.go(found);
  }

  toggle(): void {
    if (this.playing.peek()) this.pause();
    else void this.play();
  }

  pause(): void {
    this.playing.value = false;
    cancelAnimationFrame(this.#frame);
  }

  /** Play from the shown revision on, with idle time skipped, in the files that people wrote in. */
  async play(): Promise<void> {
    const head = this.heat.peek()?.head ?? 0;
    if (this.revision.peek() >= head) this.go(0);
    this.playing.value = true;
    while (this.playing.peek() && this.revision.peek() < head) {
      const revision = this.revision.peek();
      const page = await this.#page(Math.floor(revision / PAGE)).catch(() => []);
      const entries = page.filter((entry) => entry.revision > revision);
      if (entries.length === 0) break;
      await this.#playPage(entries);
    }
    this.pause();
  }

  #playPage(entries: readonly PastEntry[]): Promise<void> {
    return new Promise((done) => {
      const speed = this.speed.peek();
      const begun = performance.now();
      let shown = -1;
      const step = () => {
        if (!this.playing.peek()) return done();
        const index = played(entries, (performance.now() - begun) * speed);
        const entry = entries[index];
        if (entry && index !== shown) {
          shown = index;
          const file = fileOf(entry);
          if (file) this.file.value = file;
          this.go(entry.revision);
        }
        if (index >= entries.length - 1 || speed !== this.speed.peek()) return done();
        this.#frame = requestAnimationFrame(step);
      };
      step();
    });
  }

  #page(number: number): Promise<PastEntry[]> {
    const known = this.#pages.get(number);
    if (known) return known;
    const page = this.api.entries(number * PAGE).then(({ entries }) => {
      if (entries.length < PAGE) this.#pages.delete(number);
      return entries;
    });
    page.catch(() => this.#pages.delete(number));
    this.#pages.set(number, page);
    return page;
  }

  /** Compare two revisions, by default one with now. */
  async compare(from: number, to: number | null = null): Promise<void> {
    this.pause();
    await this.#tried(async () => {
      await this.load();
      const end = to ?? this.heat.peek()?.head ?? from;
      const { files } = await this.api.diff(from, end);
      batch(() => {
        this.compared.value = { from, to: end, files };
        this.at.value = from;
      });
      showPane(PAST);
    });
  }

  async name(name: string, revision: number | null): Promise<boolean> {
    return this.#tried(async () => {
      await this.api.name(name, revision);
      await this.load();
    });
  }

  async rename(name: string, revision: number): Promise<boolean> {
    return this.#tried(async () => {
      await this.api.rename(name, revision);
      await this.load();
    });
  }

  /** Copy the link to a version, for people on other machines too. */
  async copyLink(revision: number): Promise<void> {
    const link = new URL(`#revision=${revision}`, location.href).href;
    const forOthers = await linkForOthers(link).catch(() => null);
    await copyLink((kind, words) => this.#room.session.say(kind, words), forOthers ?? link);
  }

  /** Draft the restoring of a revision, and show the draft. */
  async restore(what: Restore, title: string): Promise<void> {
    await this.#tried(async () => {
      const { files } = await this.api.restore(what, true);
      const words = "It is a new change: nothing of what came since is lost, and it can be undone.";
      this.draft.value = {
        title,
        words,
        files,
        act: () => this.#act(() => this.api.restore(what, false), "Restored."),
      };
    });
  }

  /** Draft the undoing of a person's work, and show the draft. */
  async takeBack(person: string, name: string, since: number): Promise<void> {
    await this.#tried(async () => {
      const { files } = await this.api.takeBack(person, since, true);
      const words = `What ${name} wrote goes, what ${name} deleted comes back, and the work of all others stays.`;
      const title = `Take back ${name}'s work${since ? ` since revision ${since}` : ""}`;
      this.draft.value = {
        title,
        words,
        files,
        act: () => this.#act(() => this.api.takeBack(person, since, false), "Taken back."),
      };
    });
  }

  async #act(act: () => Promise<{ revision: number }>, words: string): Promise<void> {
    await this.#tried(async () => {
      const { revision } = await act();
      this.draft.value = null;
      this.close();
      await this.load();
      this.#room.session.say("info", words, {
        label: "Undo",
        run: () =>
          void this.#tried(async () => {
            await this.api.restore({ revision: revision - 1 }, false);
            await this.load();
          }),
      });
    });
  }

  /** Do something. If it fails, tell the person (only in the pane if `quiet`) and return false. */
  async #tried(act: () => Promise<void>, quiet = false): Promise<boolean> {
    try {
      await act();
      return true;
    } catch (error) {
      const words = error instanceof Error ? error.message : String(error);
      this.failed.value = words;
      if (!quiet) this.#room.session.say("warn", words);
      return false;
    }
  }
}

const stores = new WeakMap<object, HistoryStore>();

/** The history of a room, made when it is first asked for. */
export function historyOf(room: RoomContext): HistoryStore {
  const known = stores.get(room.session);
  if (known) return known;
  const store = new HistoryStore(room);
  stores.set(room.session, store);
  return store;
}
