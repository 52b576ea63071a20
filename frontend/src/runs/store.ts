/** The runs of a room, as the page shows them: the latest one, or an older one that the person chose. */
import { computed, effect, type ReadonlySignal, signal } from "@preact/signals";
import type { RoomContext } from "../feature";
import { listRuns, readInput, readOutput } from "./api";
import type { RunOptions } from "./kind";
import { Marks } from "./marking";
import { type RunMessage, type RunState, revisionOf } from "./messages";
import { runOnPauses } from "./onPause";
import { Output } from "./output";
import { Ran } from "./ran";
import { isLive, noteState } from "./running";

/** The most characters of input that a run can be given when it begins. */
const MOST_INPUT = 65_536;
/** The number of runs that the page lists. */
const MOST_LISTED = 50;

const stores = new WeakMap<RoomContext, RunStore>();

export function runsOf(room: RoomContext): RunStore {
  let store = stores.get(room);
  if (!store) {
    store = new RunStore(room);
    stores.set(room, store);
  }
  return store;
}

export class RunStore {
  readonly #runs = signal<readonly RunState[]>([]);
  /** The newest runs, the last one first. */
  readonly runs: ReadonlySignal<readonly RunState[]> = this.#runs;
  /** The run that the person chose to see; null for the latest one. */
  readonly chosen = signal<number | null>(null);
  readonly latest: ReadonlySignal<RunState | null> = computed(() => this.#runs.value[0] ?? null);
  /** The run that is shown; null while nothing was run. */
  readonly run: ReadonlySignal<RunState | null> = computed(() => {
    const chosen = this.#runs.value.find(({ run }) => run === this.chosen.value);
    return chosen ?? this.latest.value;
  });
  /** Tells whether the runs were read. */
  readonly state = signal<"reading" | "here" | "failed">("reading");
  readonly marks: Marks;
  readonly #outputs = new Map<number, Output>();
  readonly #rans = new Map<number, Ran>();
  readonly #room: RoomContext;
  /** What was told since the runs were last asked for. The answer may be older. */
  #told = new Map<number, RunState>();
  #seq = { run: 0, last: 0 };

  constructor(room: RoomContext) {
    this.#room = room;
    this.marks = new Marks(room);
    const { session } = room;
    session.hear((message) => this.hear(message as RunMessage));
    effect(() => {
      // Read the runs that began while there was no connection.
      if (session.phase.value === "open" && session.link.value.state === "live") void this.fetch();
    });
    effect(() => this.#markErrors());
    runOnPauses(room, this.runs);
  }

  /** Read the runs anew, and the missing part of the shown output. `state` tells how that went. */
  async fetch(): Promise<void> {
    const told = new Map<number, RunState>();
    this.#told = told;
    try {
      const answer = await listRuns(this.#room.id);
      if (this.#told !== told) return; // they were asked for again
      const listed = answer.map((run) => ({ ...run, ...told.get(run.run) }));
      const newest = this.#runs.peek().filter(({ run }) => run > (listed[0]?.run ?? 0));
      this.#runs.value = [...newest, ...listed].slice(0, MOST_LISTED);
      this.state.value = "here";
      for (const run of listed) noteState(run);
      const shown = this.run.peek();
      if (shown) await this.outputOf(shown.run).fetch();
    } catch {
      if (this.#told === told && this.state.peek() === "reading") this.state.value = "failed";
    }
  }

  /** Show a run, and from then on always the latest one if this is the latest. */
  choose(run: number): void {
    this.chosen.value = run === this.latest.peek()?.run ? null : run;
  }

  /** The output of a run. It is read when it is first wanted. */
  outputOf(run: number): Output {
    let output = this.#outputs.get(run);
    if (!output) {
      output = new Output(run, (run) => readOutput(this.#room.id, run));
      this.#outputs.set(run, output);
      // While the list is being read, the output follows.
      if (this.state.peek() !== "reading" || this.#known(run)?.state === "ended") {
        void output.fetch();
      }
    }
    return output;
  }

  /** The files and texts that a run ran. */
  ranBy(run: number): Ran {
    let ran = this.#rans.get(run);
    if (!ran) {
      const known = this.#known(run);
      ran = new Ran(this.#room, run, known ? revisionOf(known) : run);
      this.#rans.set(run, ran);
    }
    return ran;
  }

  /** Type a text into the running program, or end its input. Returns whether it was sent. */
  type(text: string): boolean {
    return this.#send({ text });
  }

  endInput(): boolean {
    return this.#send({ end: true });
  }

  stop(): void {
    const run = this.run.peek();
    if (run && isLive(this.#room)) this.#room.session.send({ type: "stop", run: run.run });
  }

  /**
   * Run the files of the shown run again, with the same input. `past` runs the files as they were
   * then.
   */
  async again({ past = false } = {}): Promise<void> {
    const run = this.run.peek();
    const { session, id } = this.#room;
    const file =
      run && session.files.peek().find((file) => file.id === run.file || file.path === run.path);
    if (!run) return;
    if (!file) {
      session.say("warn", `“${run.path}” is not in this room any more.`);
      return;
    }
    const options: RunOptions = {};
    if (run.args) options.args = run.args;
    if (past) options.at = revisionOf(run);
    if (run.tests) options.tests = [];
    try {
      const recorded = run.dropped ? null : await readInput(id, run.run);
      if (recorded && (recorded.text || recorded.ended)) options.stdin = recorded.text;
    } catch {
      session.say("warn", "The input of that run could not be read. Try again online.");
      return;
    }
    if ((options.stdin?.length ?? 0) > MOST_INPUT) {
      session.say("warn", "That run was given too much input to be repeated.");
      return;
    }
    session.submit({ kind: "run", file: file.id, options });
    this.chosen.value = null;
  }

  #send(input: { text?: string; end?: boolean }): boolean {
    const run = this.run.peek();
    if (!run || !isLive(this.#room)) return false;
    if (this.#seq.run !== run.run) this.#seq = { run: run.run, last: 0 };
    this.#seq.last++;
    const { run: id, last: seq } = this.#seq;
    this.#room.session.send({ type: "input", run: id, seq, ...input });
    return true;
  }

  /** Take a message. The same one may come twice. */
  hear(message: RunMessage): void {
    if (message.type === "run") {
      const { type, ...state } = message;
      this.#take(state);
    } else if (message.type === "out") {
      this.#outputs.get(message.run)?.add(message.n, message.parts);
    }
  }

  #take(message: RunState): void {
    const state = { ...message, waiting: message.waiting ?? false };
    this.#told.set(state.run, { ...this.#told.get(state.run), ...state });
    const runs = this.#runs.peek();
    const known = this.#known(state.run);
    if (known) {
      const next = { ...known, ...state };
      this.#runs.value = runs.map((run) => (run === known ? next : run));
      return;
    }
    if (state.run <= (runs[0]?.run ?? 0)) return;
    this.#runs.value = [{ started_at: Date.now(), ...state }, ...runs].slice(0, MOST_LISTED);
    if (state.state !== "ended") this.#begin(state.run);
  }

  /** A run begins: from now on its lines are followed, and its output is heard from the first chunk on. */
  #begin(run: number): void {
    this.marks.clear();
    this.ranBy(run).follow();
    this.#outputs.set(run, new Output(run, (run) => readOutput(this.#room.id, run)));
    this.chosen.value = null;
  }

  #known(run: number): RunState | undefined {
    return this.#runs.peek().find((other) => other.run === run);
  }

  /** Mark the lines of which the latest run's tracebacks and tests tell, once it has ended. */
  #markErrors(): void {
    const run = this.latest.value;
    if (run?.state !== "ended") return;
    const output = this.outputOf(run.run);
    if (output.count.value === 0 || output.reading.value !== "complete") return;
    void this.marks.show(this.ranBy(run.run), output);
  }
}
