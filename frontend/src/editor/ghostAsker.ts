/** Asks for ghost text: a while after typing, or when told to; one question at a time, never a loop. */
import { closeCompletion, completionStatus } from "@codemirror/autocomplete";
import { type Extension, StateEffect } from "@codemirror/state";
import { type Command, EditorView, ViewPlugin, type ViewUpdate } from "@codemirror/view";
import { settings } from "../settings/settings";
import { LARGEST_TEXT, suggestionShown, suggestionState } from "../suggestions";
import { asking } from "./ask";
import { toPosition } from "./astral";
import { isLocalEdit } from "./collab";
import { ghostField, isCaretAt, setGhost } from "./ghost";
import { LONG_LINE } from "./highlighting";

/** ms without typing before the server is asked. */
const PAUSE = 400;

const askNow = StateEffect.define<null>();

export const askForGhost: Command = (view) => {
  closeCompletion(view);
  view.dispatch({ effects: askNow.of(null) });
  return true;
};

export function ghostAsker(): Extension {
  return ViewPlugin.define((view) => new Asker(view), {
    eventHandlers: {
      compositionend() {
        this.schedule();
      },
    },
  });
}

class Asker {
  readonly #view: EditorView;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** The question under way and where its caret is now. */
  #question: { abort: AbortController; at: number } | null = null;

  constructor(view: EditorView) {
    this.#view = view;
  }

  update(update: ViewUpdate): void {
    const { docChanged, selectionSet, state, startState, transactions } = update;
    if (docChanged || selectionSet) this.#follow(update);
    if (suggestionState.peek() === "large" && state.doc.length <= LARGEST_TEXT) {
      suggestionState.value = "ready";
    }
    const edits = transactions.filter(isLocalEdit);
    const typed = edits.some((edit) => edit.isUserEvent("input"));
    const ghost = state.field(ghostField, false) ?? null;
    if (edits.length > 0 || selectionSet) clearTimeout(this.#timer);
    if (typed && !ghost) this.schedule();
    const told = transactions.some(({ effects }) => effects.some((effect) => effect.is(askNow)));
    if (told) this.#put();
    if (ghost !== startState.field(ghostField, false)) suggestionShown.value = ghost !== null;
    if (ghost && completionStatus(state) === "active") this.#clear();
  }

  destroy(): void {
    clearTimeout(this.#timer);
    this.#drop();
    suggestionShown.value = false;
  }

  schedule(): void {
    clearTimeout(this.#timer);
    if (settings.suggestions.peek()) this.#timer = setTimeout(() => this.#put(), PAUSE);
  }

  /** A question whose text or caret is another by now is of no use; an edit elsewhere does no harm. */
  #follow({ changes, startState, state, transactions }: ViewUpdate): void {
    if (!this.#question) return;
    const { at } = this.#question;
    const line = startState.doc.lineAt(at);
    const near = changes.touchesRange(line.from, line.to) !== false;
    this.#question.at = changes.mapPos(at);
    const own = transactions.some(isLocalEdit);
    if (own || near || !isCaretAt(state, this.#question.at)) this.#drop();
  }

  #put(): void {
    this.#drop();
    const { state } = this.#view;
    const at = state.selection.main.head;
    const busy =
      this.#view.composing ||
      completionStatus(state) === "active" ||
      state.doc.lineAt(at).length >= LONG_LINE;
    if (busy || state.readOnly || !isCaretAt(state, at)) return;
    if (state.doc.length > LARGEST_TEXT) {
      suggestionState.value = "large";
      return;
    }
    const question = { abort: new AbortController(), at };
    const ask = state.facet(asking);
    const asked = ask?.(state.doc.toString(), toPosition(state, at), question.abort.signal);
    if (!asked) return;
    this.#question = question;
    suggestionState.value = "thinking";
    asked.then(
      (texts) => {
        if (this.#question === question) this.#show(texts, question.at);
      },
      () => {
        if (this.#question !== question) return;
        this.#question = null;
        suggestionState.value = "failed";
      },
    );
  }

  #show(texts: readonly string[], at: number): void {
    this.#question = null;
    suggestionState.value = "ready";
    const { composing, state } = this.#view;
    if (texts.length === 0 || composing || completionStatus(state) === "active") return;
    const words = `Suggestion: ${texts[0]}`;
    this.#view.dispatch({
      effects: [
        setGhost.of({ at, texts, index: 0 }),
        ...(settings.spoken.peek() ? [EditorView.announce.of(words)] : []),
      ],
    });
  }

  #drop(): void {
    if (!this.#question) return;
    this.#question.abort.abort();
    this.#question = null;
    suggestionState.value = "ready";
  }

  /** Not now: a view that is being updated takes nothing. */
  #clear(): void {
    queueMicrotask(() => {
      if (this.#view.state.field(ghostField, false)) {
        this.#view.dispatch({ effects: setGhost.of(null) });
      }
    });
  }
}
