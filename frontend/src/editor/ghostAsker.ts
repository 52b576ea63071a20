/**
 * Asks for ghost text a while after typing, or on command. It asks one question at a time. A question that
 * got no answer is asked a few times more, each after a longer while, as long as nothing has changed.
 */
import { closeCompletion, completionStatus } from "@codemirror/autocomplete";
import { type Extension, StateEffect } from "@codemirror/state";
import { type Command, EditorView, ViewPlugin, type ViewUpdate } from "@codemirror/view";
import { settings } from "../settings/settings";
import {
  LARGEST_TEXT,
  type Shown,
  type Suggested,
  suggestionShown,
  suggestionState,
} from "../suggestions";
import { asking } from "./ask";
import { toPosition } from "./astral";
import { isLocalEdit } from "./collab";
import { type Ghost, ghostField, isCaretAt, setGhost } from "./ghost";
import { LONG_LINE } from "./highlighting";

/** The time that the person must not type before the server is asked, in ms. */
const PAUSE = 400;
/** The time until a question without an answer is asked again, in ms, and how often; it doubles each time. */
const AGAIN = 1000;
const TRIES = 3;

const askNow = StateEffect.define<null>();
const askSoon = StateEffect.define<null>();

export const askForGhost: Command = (view) => {
  closeCompletion(view);
  view.dispatch({ effects: askNow.of(null) });
  return true;
};

/** Ask as after typing: the person typed before this part of the editor was there. */
export const typedBefore: Command = (view) => {
  view.dispatch({ effects: askSoon.of(null) });
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

/** A question under way: where its caret is now, and whether the beginning of an answer was shown. */
interface Question {
  abort: AbortController;
  at: number;
  begun: boolean;
}

class Asker {
  readonly #view: EditorView;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #question: Question | null = null;
  #failures = 0;

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
    // A tap where the caret is sets the selection to what it was.
    const moved = selectionSet && !state.selection.eq(startState.selection);
    if (edits.length > 0 || moved) {
      clearTimeout(this.#timer);
      this.#failures = 0;
    }
    const effects = transactions.flatMap((one) => one.effects);
    const before = effects.some((effect) => effect.is(askSoon));
    if ((typed || before) && !ghost) this.schedule();
    if (effects.some((effect) => effect.is(askNow))) this.#put();
    if (ghost !== startState.field(ghostField, false))
      suggestionShown.value = ghost && shownOf(ghost);
    if (ghost && completionStatus(state) === "active") this.#clear();
  }

  destroy(): void {
    clearTimeout(this.#timer);
    this.#drop();
    suggestionShown.value = null;
  }

  schedule(): void {
    clearTimeout(this.#timer);
    if (settings.suggestions.peek()) this.#timer = setTimeout(() => this.#put(), PAUSE);
  }

  /** Drop the question when its text or caret has changed. An edit elsewhere only moves it. */
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
    const question: Question = { abort: new AbortController(), at, begun: false };
    const ask = state.facet(asking);
    const asked = ask?.(
      state.doc.toString(),
      toPosition(state, at),
      question.abort.signal,
      (suggested) => this.#begin(question, suggested),
    );
    if (!asked) return;
    this.#question = question;
    suggestionState.value = "thinking";
    asked.then(
      (suggested) => {
        if (this.#question === question) this.#end(question, suggested);
      },
      () => {
        if (this.#question !== question) return;
        this.#question = null;
        suggestionState.value = "failed";
        this.#again();
      },
    );
  }

  /** Ask again later. The person may have turned suggestions off meanwhile. */
  #again(): void {
    if (this.#failures >= TRIES) return;
    const wait = AGAIN * 2 ** this.#failures++;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      if (settings.suggestions.peek()) this.#put();
    }, wait);
  }

  /** Show the beginning of a text. A person who has dismissed it wants no more of it. */
  #begin(question: Question, suggested: Suggested): void {
    if (this.#question !== question) return;
    if (question.begun && !this.#view.state.field(ghostField, false)) this.#drop();
    else this.#show(question, suggested);
  }

  #end(question: Question, suggested: Suggested): void {
    this.#question = null;
    this.#failures = 0;
    suggestionState.value = "ready";
    if (question.begun && !this.#view.state.field(ghostField, false)) return;
    this.#show(question, suggested);
    if (!settings.spoken.peek() || suggested.texts.length === 0) return;
    const words = `Suggestion: ${suggested.texts[0]}`;
    this.#view.dispatch({ effects: EditorView.announce.of(words) });
  }

  #show(question: Question, { texts, source }: Suggested): void {
    const { composing, state } = this.#view;
    if (texts.length === 0 || composing || completionStatus(state) === "active") return;
    question.begun = true;
    this.#view.dispatch({ effects: setGhost.of({ at: question.at, texts, index: 0, source }) });
  }

  #drop(): void {
    if (!this.#question) return;
    this.#question.abort.abort();
    this.#question = null;
    suggestionState.value = "ready";
  }

  /** Remove the ghost later: a view that is being updated accepts no dispatch. */
  #clear(): void {
    queueMicrotask(() => {
      if (this.#view.state.field(ghostField, false)) {
        this.#view.dispatch({ effects: setGhost.of(null) });
      }
    });
  }
}

function shownOf({ index, texts, source }: Ghost): Shown {
  return { number: index + 1, count: texts.length, source };
}
