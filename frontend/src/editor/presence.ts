/**
 * Tells the others where the person's own carets are, unless they know already: an edit tells them that
 * the author's caret is at its end, and a caret without news stays where it was in the text.
 */
import { type Extension, StateEffect } from "@codemirror/state";
import { type EditorView, ViewPlugin, type ViewUpdate } from "@codemirror/view";
import type { Selection } from "../link/protocol";
import { toOffset, toPosition } from "./astral";
import { exactUpdate } from "./bulk";

/**
 * Sets where the others take the person's own carets to be now, in code points; null when they know of
 * none.
 */
export const believed = StateEffect.define<readonly Selection[] | null>();

/** The least time in ms between two messages. */
const PAUSE = 100;
const MOST_SELECTIONS = 32;

/** Tells whether the person has been in a text. */
export interface Present {
  here: boolean;
}

/**
 * Send the person's selections through `tell`. It returns false while it cannot send, because work is
 * pending or there is no link; when it can send again, the effect `believed` follows.
 */
export function presence(present: Present, tell: (selections: Selection[]) => boolean): Extension {
  return ViewPlugin.define((view) => new Teller(view, present, tell), {
    eventObservers: {
      mousedown: acted,
      keydown: acted,
    },
  });
}

function acted(this: Teller): void {
  this.act();
}

class Teller {
  #view: EditorView;
  #tell: (selections: Selection[]) => boolean;
  /** The carets that the others believe in, as offsets. Changes move them here as they do at the others. */
  #believed: readonly Selection[] | null = null;
  /**
   * Tells whether the person has been in the text. Until the first click or key nobody is told
   * anything, since the page itself takes the focus. A person who returns to an earlier place, such as
   * after a reload, counts as having been in the text.
   */
  readonly #present: Present;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #toldAt = 0;

  constructor(view: EditorView, present: Present, tell: (selections: Selection[]) => boolean) {
    this.#view = view;
    this.#tell = tell;
    this.#present = present;
    if (view.state.selection.main.head > 0) present.here = true;
    // A person who comes from another file is now in this one.
    if (present.here) this.#schedule();
  }

  update(update: ViewUpdate) {
    const { docChanged, focusChanged, selectionSet, state, transactions } = update;
    const changes = docChanged ? exactUpdate(update) : update.changes;
    const at = (offset: number) => changes.mapPos(offset, -1);
    if (docChanged && this.#believed) this.#believed = each(this.#believed, at);
    const told = transactions.flatMap(({ effects }) => effects).filter((e) => e.is(believed));
    for (const { value } of told) {
      this.#believed = value && each(value, (position) => toOffset(state, position));
    }
    if (docChanged || focusChanged || selectionSet || told.length > 0) this.#schedule();
  }

  destroy(): void {
    clearTimeout(this.#timer);
  }

  /** Note that the person has clicked or typed. */
  act(): void {
    if (this.#present.here) return;
    this.#present.here = true;
    this.#schedule();
  }

  #schedule(): void {
    this.#timer ??= setTimeout(
      () => {
        this.#timer = undefined;
        this.#tellNow();
      },
      Math.max(0, this.#toldAt + PAUSE - Date.now()),
    );
  }

  #tellNow(): void {
    const { state } = this.#view;
    if (!this.#present.here) return;
    const { mainIndex, ranges } = state.selection;
    const ordered = [...ranges.slice(mainIndex), ...ranges.slice(0, mainIndex)];
    const own = ordered
      .slice(0, MOST_SELECTIONS)
      .map(({ anchor, head }): Selection => [anchor, head]);
    if (this.#believed?.join() === own.join()) return;
    if (!this.#tell(each(own, (offset) => toPosition(state, offset)))) return;
    this.#believed = own;
    this.#toldAt = Date.now();
  }
}

function each(selections: readonly Selection[], at: (offset: number) => number): Selection[] {
  return selections.map(([anchor, head]) => [at(anchor), at(head)]);
}
