/**
 * Tells the others where the own carets are, as far as they cannot know it: an edit tells them that
 * its author is at its end, and a caret that nothing is told of stays where it was in the text.
 */
import { type Extension, StateEffect } from "@codemirror/state";
import { type EditorView, ViewPlugin, type ViewUpdate } from "@codemirror/view";
import type { Selection } from "../link/protocol";
import { toOffset, toPosition } from "./astral";
import { exactUpdate } from "./bulk";

/** The others take these to be the own carets now, in code points; null: they know of none. */
export const believed = StateEffect.define<readonly Selection[] | null>();

/** ms between two messages. */
const PAUSE = 100;
const MOST_SELECTIONS = 32;

/** Whether somebody has been in a text. */
export interface Present {
  here: boolean;
}

/**
 * `tell` sends selections. It returns false while it cannot, since work is pending or there is no
 * link; when it can again, an effect `believed` follows.
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
  /** What the others believe, as offsets, carried along as they carry it. */
  #believed: readonly Selection[] | null = null;
  /**
   * Whether the person has been in the text. Until their first click or key nobody is told anything:
   * the page itself takes the focus. Who comes back to a place of theirs, as after a reload, has been.
   */
  readonly #present: Present;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #toldAt = 0;

  constructor(view: EditorView, present: Present, tell: (selections: Selection[]) => boolean) {
    this.#view = view;
    this.#tell = tell;
    this.#present = present;
    if (view.state.selection.main.head > 0) present.here = true;
    // Who comes from another file is here now.
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

  /** The person has clicked or typed. */
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
