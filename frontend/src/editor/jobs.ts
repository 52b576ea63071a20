/** The jobs that are done in turns: edits that are known beforehand, and commands on very many lines. */
import {
  type ChangeDesc,
  type ChangeSpec,
  EditorSelection,
  type EditorState,
  MapMode,
  type StateCommand,
} from "@codemirror/state";
import type { EditorView } from "@codemirror/view";
import type { Edit } from "./edits";
import { inTurns, type Job } from "./inTurns";

/** The most edits, and the most lines, of one turn. They take a few tens of ms, most of it in CodeMirror. */
const MOST_EDITS = 2000;
const MOST_LINES = 500;

/**
 * Make edits of the current text as one step to undo. Resolves with the number of edits made when all
 * are done.
 */
export async function makeEdits(
  view: EditorView,
  edits: readonly Edit[],
  userEvent: string,
): Promise<number> {
  if (edits.length <= MOST_EDITS) {
    view.dispatch({ changes: edits, userEvent });
    return edits.length;
  }
  const { doc } = view.state;
  let job: EditsJob | null = null;
  await inTurns(view, userEvent, (state) => {
    if (state.doc === doc) job = new EditsJob(edits);
    return job;
  });
  return (job as EditsJob | null)?.made ?? 0;
}

/** Run a command that changes the selected lines, on some of the lines at a time. */
export function changeLines(view: EditorView, command: StateCommand, userEvent: string): void {
  void inTurns(view, userEvent, (state) => new LinesJob(command, state));
}

/**
 * Makes edits from the end of the text to the start, so that no edit moves those that are still to be
 * made.
 */
export class EditsJob implements Job {
  made = 0;
  readonly #edits: readonly Edit[];
  #left: number;
  readonly #others: ChangeDesc[] = [];

  constructor(edits: readonly Edit[]) {
    this.#edits = edits;
    this.#left = edits.length;
  }

  next(): ChangeSpec | null {
    if (this.#left === 0) return null;
    const end = this.#left;
    this.#left = Math.max(0, end - MOST_EDITS);
    const edits = this.#edits.slice(this.#left, end).flatMap((edit) => this.#now(edit) ?? []);
    this.made += edits.length;
    return edits;
  }

  follow(changes: ChangeDesc): void {
    this.#others.push(changes);
  }

  /** Return an edit at its current offsets; null when somebody else has changed the text that it replaces. */
  #now({ from, to, insert }: Edit): Edit | null {
    let [start, end] = [from, to];
    for (const changes of this.#others) {
      if (start < end && changes.touchesRange(start, end)) return null;
      const at = changes.mapPos(start, 1, MapMode.TrackDel);
      if (at === null) return null;
      end = start < end ? changes.mapPos(end, -1) : at;
      start = at;
    }
    return { from: start, to: end, insert };
  }
}

/**
 * Runs a command on lines from the start to the end, since the indentation of a line may depend on the
 * lines before it.
 */
class LinesJob implements Job {
  readonly #command: StateCommand;
  #from: number;
  #to: number;
  #done = false;

  constructor(command: StateCommand, { selection }: EditorState) {
    this.#command = command;
    this.#from = selection.main.from;
    this.#to = selection.main.to;
  }

  next(state: EditorState): ChangeSpec | null {
    if (this.#done) return null;
    const { doc } = state;
    const { number } = doc.lineAt(this.#from);
    const last = doc.line(Math.min(number + MOST_LINES - 1, doc.lineAt(this.#to).number));
    // Include the end of the last line. The next line stays out, because a line at whose start a
    // selection ends does not belong to the selection.
    const selection = EditorSelection.single(this.#from, Math.min(last.to + 1, this.#to));
    let changes = state.changes();
    this.#command({
      state: state.update({ selection }).state,
      dispatch: (transaction) => {
        changes = transaction.changes;
      },
    });
    this.#done = last.to >= this.#to;
    this.#from = changes.mapPos(Math.min(last.to + 1, doc.length), -1);
    this.#to = changes.mapPos(this.#to, 1);
    return changes;
  }

  follow(changes: ChangeDesc): void {
    this.#from = changes.mapPos(this.#from, -1);
    this.#to = changes.mapPos(this.#to, 1);
  }
}
