/** Past texts, in a read-only editor. It applies only the difference between two revisions. */
import { Compartment, EditorState, type Extension } from "@codemirror/state";
import { EditorView, lineNumbers } from "@codemirror/view";
import { astral, toPosition } from "../editor/astral";
import { inBulk } from "../editor/bulk";
import { remoteEdit, textOf } from "../editor/collab";
import { loadLanguage } from "../editor/languages";
import { extension as searching } from "../editor/search";
import { theme } from "../editor/theme";
import { Operation } from "../ot";
import type { Burst, Step, Written } from "./api";
import { advanced, runsOf } from "./authorship";
import type { Shown } from "./bursts";
import { authors, authorsOf, setAuthors, setShown } from "./ribbon";

/** The most texts of other files that are kept, to go on from. */
const MOST_KEPT = 8;

interface Kept {
  state: EditorState;
  revision: number;
}

export class PastText {
  readonly view: EditorView;
  readonly #language = new Compartment();
  readonly #extensions: Extension;
  readonly #kept = new Map<string, Kept>();
  #file: string | null = null;
  #revision = 0;
  #shown: Shown | null = null;

  constructor(parent: HTMLElement, colourOf: (person: string) => number) {
    this.#extensions = [
      theme(),
      astral,
      lineNumbers(),
      authors(colourOf),
      this.#language.of([]),
      EditorState.readOnly.of(true),
      EditorView.editable.of(false),
      EditorView.contentAttributes.of({ tabindex: "0", "aria-label": "The text as it was" }),
      searching(),
    ];
    this.view = new EditorView({
      parent,
      state: this.#state(""),
      dispatchTransactions: (transactions, view) => view.update(inBulk(transactions)),
    });
  }

  /** The revision of the text that the editor has of a file, to go on from; null if it has none. */
  revisionOf(file: string): number | null {
    return file === this.#file ? this.#revision : (this.#kept.get(file)?.revision ?? null);
  }

  /** Show a text that has come whole. */
  show({ id, revision, text, runs, bursts }: Written): void {
    this.#put(id, { state: this.#state(text), revision });
    this.view.dispatch({
      effects: setAuthors.of({ runs: runsOf(runs), bursts: new Map(entriesOf(bursts)) }),
    });
  }

  /** Change the text that the editor has to another revision, and scroll to the difference. */
  step({ id, end, operation, runs, bursts }: Step): void {
    const kept = this.#kept.get(id);
    if (id !== this.#file && kept) this.#put(id, kept);
    this.#revision = end;
    if (!operation) return;
    const { state, visibleRanges } = this.view;
    const before = authorsOf(state);
    const known = before.bursts as Map<number, Burst>;
    for (const [number, burst] of entriesOf(bursts)) known.set(number, burst);
    const changes = state.changes(remoteEdit(state, new Operation(operation)).changes);
    let place: number | null = null;
    changes.iterChangedRanges((_fromA, _toA, fromB) => {
      place ??= fromB;
    });
    const seen = visibleRanges.some(({ from, to }) => changes.touchesRange(from, to));
    this.view.dispatch({
      changes,
      effects: [
        setAuthors.of({ runs: advanced(before.runs, operation, runs), bursts: known }),
        ...(seen || place === null ? [] : [EditorView.scrollIntoView(place, { y: "center" })]),
      ],
    });
  }

  /** Show nothing. */
  clear(): void {
    this.#put("", { state: this.#state(""), revision: 0 });
  }

  colour(shown: Shown): void {
    this.#shown = shown;
    this.view.dispatch({ effects: setShown.of(shown) });
  }

  async speak(language: string): Promise<void> {
    const file = this.#file;
    const support = await loadLanguage(language).catch(() => []);
    if (file === this.#file) this.view.dispatch({ effects: this.#language.reconfigure(support) });
  }

  /** The selection in code points of the text; null while nothing is selected. */
  get selection(): { start: number; end: number } | null {
    const { state } = this.view;
    const { from, to, empty } = state.selection.main;
    return empty ? null : { start: toPosition(state, from), end: toPosition(state, to) };
  }

  destroy(): void {
    this.view.destroy();
  }

  #state(text: string): EditorState {
    return EditorState.create({ doc: textOf(text), extensions: this.#extensions });
  }

  #put(file: string, { state, revision }: Kept): void {
    if (this.#file) {
      this.#kept.delete(this.#file);
      this.#kept.set(this.#file, { state: this.view.state, revision: this.#revision });
      const [oldest] = this.#kept.keys();
      if (oldest !== undefined && this.#kept.size > MOST_KEPT) this.#kept.delete(oldest);
    }
    this.#kept.delete(file);
    [this.#file, this.#revision] = [file, revision];
    this.view.setState(state);
    if (this.#shown) this.view.dispatch({ effects: setShown.of(this.#shown) });
  }
}

function entriesOf(bursts: Readonly<Record<number, Burst>>): [number, Burst][] {
  return Object.entries(bursts).map(([number, burst]) => [Number(number), burst]);
}
