/**
 * Shows the author of each part of an editor's text: a ribbon beside the lines, lines under the text, words
 * at the pointer. Edits of the text move them.
 */
import {
  Compartment,
  type EditorState,
  type Extension,
  type Range,
  RangeSet,
  StateEffect,
  StateField,
} from "@codemirror/state";
import {
  type Command,
  Decoration,
  type DecorationSet,
  EditorView,
  GutterMarker,
  gutter,
  hoverTooltip,
} from "@codemirror/view";
import { toOffset, toPosition } from "../editor/astral";
import { isLocalEdit, operationOf, originOf } from "../editor/collab";
import { codePoints } from "../ot";
import type { Burst } from "./api";
import { advanced, type Runs, runAt, runsOf } from "./authorship";
import { isShown, kindOf, type Shown, wordsOf } from "./bursts";

/** Bursts that have no number yet: the present edits of others, and those of the person here, by their kind. */
const OTHERS = -1;
/** Stands for the person here in such a burst. */
export const SELF = "self";
const OWN = ["typed", "pasted", "suggestion", "formatted", "import", "tool", "ai"] as const;
const ownNumber = (origin: (typeof OWN)[number]) => -2 - OWN.indexOf(origin);

/** Runs of a line that are looked at for the newest. */
const MOST_RUNS = 200;

export interface Authors {
  readonly runs: Runs;
  readonly bursts: ReadonlyMap<number, Burst>;
}

interface Value extends Authors {
  readonly shown: Shown;
}

const NONE: Value = {
  runs: runsOf([]),
  bursts: new Map(),
  shown: { coloured: false, person: null, kind: null },
};

export const setAuthors = StateEffect.define<Authors>();
export const setShown = StateEffect.define<Shown>();

const field = StateField.define<Value>({
  create: () => NONE,
  update(value, transaction) {
    let next = value;
    const authors = transaction.effects.find((effect) => effect.is(setAuthors));
    if (authors?.is(setAuthors)) next = { ...next, ...authors.value };
    else if (transaction.docChanged && value.runs.ends.length > 0) {
      const { components } = operationOf(transaction);
      const number = isLocalEdit(transaction) ? ownNumber(originOf(transaction)) : OTHERS;
      const count = components.reduce<number>(
        (sum, one) => sum + (typeof one === "string" ? codePoints(one) : 0),
        0,
      );
      next = { ...next, runs: advanced(value.runs, components, [[number, count]]) };
    }
    for (const effect of transaction.effects) {
      if (effect.is(setShown)) next = { ...next, shown: effect.value };
    }
    return next;
  },
});

export function authorsOf(state: EditorState): Authors {
  return state.field(field);
}

/** The burst that wrote the text at an offset; null if it is not known. */
export function burstAt(state: EditorState, offset: number): Burst | null {
  const value = state.field(field, false);
  if (!value) return null;
  const number = value.runs.bursts[runAt(value.runs, toPosition(state, offset))];
  return number === undefined ? null : burstOf(value, number);
}

function burstOf({ bursts }: Authors, number: number): Burst | null {
  if (number >= 0) return bursts.get(number) ?? null;
  const origin = OWN[-2 - number] ?? null;
  const [name, person] = number === OTHERS ? ["Somebody", ""] : ["You", SELF];
  return { name, person, first: 0, last: 0, at: 0, until: 0, origin };
}

const ribbon = new Compartment();

/** A command that shows the authors of an editor's text, or hides them. The effects set what is shown. */
export function showing(
  colourOf: (person: string) => number,
  effects: readonly StateEffect<unknown>[] | null,
): Command {
  return (view) => {
    const there = ribbon.get(view.state);
    if (effects === null) {
      if (there) view.dispatch({ effects: ribbon.reconfigure([]) });
      return true;
    }
    if (view.state.field(field, false) === undefined) {
      const extension = authors(colourOf);
      const effect = there
        ? ribbon.reconfigure(extension)
        : StateEffect.appendConfig.of(ribbon.of(extension));
      view.dispatch({ effects: effect });
    }
    view.dispatch({ effects });
    return true;
  };
}

class Mark extends GutterMarker {
  readonly #colour: number;
  readonly #kind: string;
  readonly #words: string;

  constructor(colour: number, kind: string, words: string) {
    super();
    this.#colour = colour;
    this.#kind = kind;
    this.#words = words;
  }

  override eq(other: Mark): boolean {
    return (
      other.#colour === this.#colour && other.#kind === this.#kind && other.#words === this.#words
    );
  }

  override toDOM(): HTMLElement {
    const mark = document.createElement("span");
    mark.className = "past-ribbon";
    mark.dataset.kind = this.#kind;
    mark.style.setProperty("--person", `var(--person-${this.#colour})`);
    mark.title = this.#words;
    return mark;
  }
}

/** The extension. The state must have the field `astral`. */
export function authors(colourOf: (person: string) => number): Extension {
  const marks = Array.from({ length: 8 }, (_, colour) =>
    ["past-own", "past-own past-found"].map((name) =>
      Decoration.mark({
        class: name,
        attributes: { style: `--person: var(--person-${colour})` },
      }),
    ),
  );
  return [
    field,
    EditorView.decorations.of((view): DecorationSet => {
      const value = view.state.field(field);
      const { runs, shown } = value;
      if (!shown.coloured) return Decoration.none;
      const found: Range<Decoration>[] = [];
      const isFiltered = shown.person !== null || shown.kind !== null;
      for (const { from, to } of view.visibleRanges) {
        let start = from;
        for (let run = runAt(runs, toPosition(view.state, from)); start < to; run++) {
          const end = runs.ends[run];
          if (end === undefined) break;
          const until = Math.min(to, toOffset(view.state, end));
          const burst = burstOf(value, runs.bursts[run] as number);
          const mark = burst && marks[colourOf(burst.person)]?.[isFiltered ? 1 : 0];
          if (mark && start < until && isShown(burst, shown)) found.push(mark.range(start, until));
          start = until;
        }
      }
      return RangeSet.of(found);
    }),
    gutter({
      class: "past-gutter",
      lineMarker(view, line) {
        const burst = newestIn(view, line.from, line.to);
        if (!burst) return null;
        return new Mark(colourOf(burst.person), kindOf(burst), wordsOf(burst));
      },
      lineMarkerChange: ({ startState, state }) => startState.field(field) !== state.field(field),
    }),
    hoverTooltip((view, place) => {
      const { state } = view;
      const burst = burstAt(state, place);
      const { runs } = state.field(field);
      const run = runAt(runs, toPosition(state, place));
      if (!burst || runs.ends[run] === undefined) return null;
      return {
        pos: toOffset(state, runs.ends[run - 1] ?? 0),
        end: toOffset(state, runs.ends[run] as number),
        create: () => {
          const dom = document.createElement("div");
          dom.className = "past-tip";
          dom.textContent = wordsOf(burst);
          return { dom };
        },
      };
    }),
  ];
}

/** The newest of the bursts of a line that are shown. */
function newestIn(view: EditorView, from: number, to: number): Burst | null {
  const value = view.state.field(field);
  const { runs, shown } = value;
  const end = toPosition(view.state, to);
  let newest: Burst | null = null;
  const first = runAt(runs, toPosition(view.state, from));
  for (let run = first; run < first + MOST_RUNS; run++) {
    const number = runs.bursts[run];
    if (number === undefined || (run > first && (runs.ends[run - 1] as number) >= end)) break;
    const burst = burstOf(value, number);
    if (!burst || !isShown(burst, shown)) continue;
    if (number < 0) return burst;
    if (!newest || burst.last > newest.last) newest = burst;
  }
  return newest;
}
