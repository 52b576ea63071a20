/**
 * Makes very many changes, some thousand at a time, so that the page keeps showing what the person
 * types meanwhile. Each part is one event of the undo history. Undo takes back all parts of a run,
 * again in turns, and redo repeats them.
 */
import { historyField, invertedEffects, isolateHistory, redo, undo } from "@codemirror/commands";
import {
  type ChangeDesc,
  type ChangeSpec,
  type EditorState,
  type Extension,
  StateEffect,
  type Transaction,
} from "@codemirror/state";
import { type EditorView, ViewPlugin, type ViewUpdate } from "@codemirror/view";
import { exactChanges } from "./bulk";
import { isRemote } from "./collab";

/** The work of a run. Others may change the text between its parts. */
export interface Job {
  /** Return the next changes of the current text; null when the work is done. */
  next(state: EditorState): ChangeSpec | null;
  /** Take note of changes that something else made to the text. */
  follow(changes: ChangeDesc): void;
}

interface Task {
  begin(state: EditorState): Job | null;
  userEvent: string;
  done(): void;
}

/**
 * Do a job in turns, after the jobs that are not done yet. `begin` makes the job when its first turn
 * comes, which is at once if no other job is waiting. Resolves when the job is done or given up.
 */
export function inTurns(
  view: EditorView,
  userEvent: string,
  begin: (state: EditorState) => Job | null,
): Promise<void> {
  if (!view.plugin(plugin)) view.dispatch({ effects: StateEffect.appendConfig.of(turns) });
  return new Promise((done) => {
    const runner = view.plugin(plugin);
    if (runner) runner.add({ begin, userEvent, done });
    else done();
  });
}

/** The number of the run that a transaction belongs to. */
const partOf = StateEffect.define<number>();
let runs = 0;

class Runner {
  readonly #view: EditorView;
  /** The tasks; the first one is under way. */
  #tasks: Task[] = [];
  #job: Job | null = null;
  #run = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(view: EditorView) {
    this.#view = view;
  }

  add(task: Task): void {
    this.#tasks.push(task);
    if (this.#tasks.length === 1) this.#begin();
  }

  update({ state, transactions }: ViewUpdate): void {
    for (const one of transactions) {
      if (!one.docChanged) continue;
      const run = runOf(one);
      const back = one.isUserEvent("undo");
      if (back || one.isUserEvent("redo")) {
        this.#giveUp();
        const more = run !== null && run === nextRun(state, back ? "done" : "undone");
        if (more) this.#later(() => (back ? undo : redo)(this.#view));
      } else if (run === null) {
        this.#job?.follow(exactChanges(one));
        // Typing by the person here ends an undo, and splits a run in two.
        if (!isRemote(one)) this.#interrupted();
      }
    }
  }

  destroy(): void {
    this.#giveUp();
  }

  #begin(): void {
    const [task] = this.#tasks;
    if (!task) return;
    clearTimeout(this.#timer);
    this.#run = ++runs;
    this.#job = task.begin(this.#view.state);
    this.#turn();
  }

  #turn(): void {
    const [task] = this.#tasks;
    const { state } = this.#view;
    const changes = this.#job?.next(state) ?? null;
    if (!task || changes === null) {
      this.#end();
      return;
    }
    const userEvent = task.userEvent;
    const annotations = isolateHistory.of("full");
    this.#view.dispatch({ changes, effects: partOf.of(this.#run), annotations, userEvent });
    // The change was refused because the text would be too long. Then take back the parts that were
    // made.
    if (this.#view.state.doc === state.doc && !state.changes(changes).empty) this.#takeBack();
    else this.#later(() => this.#turn());
  }

  #end(): void {
    this.#job = null;
    this.#tasks.shift()?.done();
    if (this.#tasks.length > 0) this.#later(() => this.#begin());
  }

  #takeBack(): void {
    const begun = nextRun(this.#view.state, "done") === this.#run;
    this.#giveUp();
    if (begun) undo(this.#view);
  }

  #giveUp(): void {
    clearTimeout(this.#timer);
    this.#job = null;
    for (const { done } of this.#tasks.splice(0)) done();
  }

  #interrupted(): void {
    this.#run = ++runs;
    if (!this.#job) clearTimeout(this.#timer);
    if (!this.#job && this.#tasks.length > 0) this.#later(() => this.#begin());
  }

  #later(go: () => void): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(go);
  }
}

const plugin = ViewPlugin.fromClass(Runner);
/** The extensions that an editor gets when it first does something in turns. */
const turns: Extension = [
  plugin,
  invertedEffects.of(({ effects }) => effects.filter((one) => one.is(partOf))),
];

function runOf({ effects }: { effects: readonly StateEffect<unknown>[] }): number | null {
  return effects.find((one) => one.is(partOf))?.value ?? null;
}

/**
 * Return the run of the event that would be undone or redone next. The history's own branches have no
 * exported type.
 */
function nextRun(state: EditorState, branch: "done" | "undone"): number | null {
  type Branches = Record<typeof branch, readonly Pick<Transaction, "effects">[]>;
  const event = (state.field(historyField, false) as Branches | undefined)?.[branch].at(-1);
  return event ? runOf(event) : null;
}
