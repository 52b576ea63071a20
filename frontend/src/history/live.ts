/**
 * Tracks the authors of the open text. The server sends them once, and afterwards only the later edits;
 * between, the runs in the editor go along with its edits.
 */
import { effect } from "@preact/signals";
import type { RoomContext } from "../feature";
import type { Burst } from "./api";
import { advanced, type Runs, runsOf } from "./authorship";
import { wordsOf } from "./bursts";
import { ribbon } from "./pane";
import { burstAt, SELF, setAuthors, setShown, showing } from "./ribbon";
import { type HistoryStore, historyOf } from "./store";

/** How long edits are gathered before the server is asked about them, in ms. */
const SOON = 500;

interface Known {
  file: string;
  revision: number;
  runs: Runs;
  bursts: Map<number, Burst>;
}

export class LiveAuthors {
  readonly #room: RoomContext;
  readonly #store: HistoryStore;
  readonly #colourOf: (person: string) => number;
  #known: Known | null = null;
  #timer: ReturnType<typeof setTimeout> | null = null;
  #reading = false;
  readonly #waiting: (() => void)[] = [];

  constructor(room: RoomContext, store: HistoryStore) {
    this.#room = room;
    this.#store = store;
    this.#colourOf = (person) =>
      store.colourOf(person === SELF ? room.session.self.person : person);
  }

  /** Begin. Returns a function that ends it. */
  begin(): () => void {
    const { editor, session } = this.#room;
    const ends = [
      effect(() => {
        const { person, kind } = this.#store.shown.value;
        // Lines under the whole text would disturb people who write. The ribbon has all colours.
        const shown = setShown.of({ person, kind, coloured: person !== null || kind !== null });
        editor.value?.run(showing(this.#colourOf, ribbon.value ? [shown] : null));
      }),
      effect(() => {
        const handle = editor.value;
        if (ribbon.value && handle && handle.changes.value >= 0 && session.unsaved.value === 0)
          this.#soon();
      }),
    ];
    return () => {
      for (const end of ends) end();
      if (this.#timer !== null) clearTimeout(this.#timer);
      this.#timer = null;
      editor.peek()?.run(showing(this.#colourOf, null));
    };
  }

  #soon(): void {
    if (this.#reading) return;
    // An editor that is new here has no runs yet.
    const wait = this.#known?.file === this.#room.editor.peek()?.file ? SOON : 0;
    this.#timer ??= setTimeout(() => {
      this.#timer = null;
      this.#reading = true;
      this.#read()
        .catch(() => {
          this.#known = null;
        })
        .finally(() => {
          this.#reading = false;
        });
    }, wait);
  }

  async #read(): Promise<void> {
    const { session, editor } = this.#room;
    for (;;) {
      const file = editor.peek()?.file;
      const { revision } = session;
      // The text of the room is in the editor while there are no own changes beside it.
      if (file === undefined || revision === null || session.unsaved.peek() > 0) return;
      if (this.#known?.file !== file) this.#known = await this.#whole(file, revision);
      else if (this.#known.revision !== revision) await this.#goOn(this.#known, revision);
      else break;
    }
    const { runs, bursts } = this.#known;
    editor.peek()?.run((view) => {
      view.dispatch({ effects: setAuthors.of({ runs, bursts }) });
      return true;
    });
    for (const tell of this.#waiting.splice(0)) tell();
  }

  /** Show the author of the text at the caret, once that is known. */
  async tell(): Promise<void> {
    const { editor, session } = this.#room;
    if (this.#known?.file !== editor.peek()?.file) {
      await new Promise<void>((done) => this.#waiting.push(done));
    }
    editor.peek()?.run(({ state }) => {
      const { head } = state.selection.main;
      const burst = burstAt(state, head) ?? burstAt(state, Math.max(0, head - 1));
      session.say("info", burst ? wordsOf(burst) : "Nobody has written here yet.");
      return true;
    });
  }

  async #whole(file: string, revision: number): Promise<Known> {
    const { runs, bursts } = await this.#store.api.blame(file, revision);
    return { file, revision, runs: runsOf(runs), bursts: numbered(bursts) };
  }

  async #goOn(known: Known, revision: number): Promise<void> {
    const { operation, runs, bursts } = await this.#store.api.step(
      known.file,
      known.revision,
      revision,
    );
    for (const [number, burst] of numbered(bursts)) known.bursts.set(number, burst);
    if (operation) known.runs = advanced(known.runs, operation, runs);
    known.revision = revision;
  }
}

function numbered(bursts: Readonly<Record<number, Burst>>): Map<number, Burst> {
  return new Map(Object.entries(bursts).map(([number, burst]) => [Number(number), burst]));
}

const all = new WeakMap<object, LiveAuthors>();

/** The live authors of a room, made when they are first asked for. */
export function liveAuthors(room: RoomContext): LiveAuthors {
  const known = all.get(room.session);
  if (known) return known;
  const made = new LiveAuthors(room, historyOf(room));
  all.set(room.session, made);
  return made;
}

export function tellWho(room: RoomContext): Promise<void> {
  return liveAuthors(room).tell();
}
