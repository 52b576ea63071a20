/**
 * Shows the threads of a file in its editor: marks in the text, dots at the line numbers. They move as on the
 * server: text that is inserted at an edge of a mark stays outside.
 */
import {
  type Extension,
  RangeSet,
  StateEffect,
  StateField,
  type Transaction,
} from "@codemirror/state";
import {
  type Command,
  Decoration,
  EditorView,
  GutterMarker,
  lineNumberMarkers,
  ViewPlugin,
} from "@codemirror/view";
import { exactChanges } from "../editor/bulk";

/** A part of the text, as offsets. */
export interface Mark {
  /** The thread; 0 for the comment that is being written. */
  id: number;
  from: number;
  to: number;
}

interface Marks {
  threads: readonly Mark[];
  draft: Mark | null;
  /** The thread that is shown. */
  shown: number | null;
}

export const setThreads = StateEffect.define<readonly Mark[]>();
export const setDraft = StateEffect.define<Mark | null>();
export const setShown = StateEffect.define<number | null>();

const NONE: Marks = { threads: [], draft: null, shown: null };

const marks = StateField.define<Marks>({
  create: () => NONE,
  update(before, transaction) {
    let after = before;
    if (transaction.docChanged && (before.threads.length > 0 || before.draft)) {
      const move = movedBy(transaction);
      after = {
        ...before,
        threads: before.threads.map(move),
        draft: before.draft && move(before.draft),
      };
    }
    for (const effect of transaction.effects) {
      if (effect.is(setThreads)) after = { ...after, threads: effect.value };
      else if (effect.is(setDraft)) after = { ...after, draft: effect.value };
      else if (effect.is(setShown)) after = { ...after, shown: effect.value };
    }
    return after;
  },
  provide: (field) => [
    EditorView.decorations.compute([field], (state) => {
      const { threads, draft, shown } = state.field(field);
      const all = (draft ? [...threads, draft] : threads).filter(({ from, to }) => from < to);
      return Decoration.set(
        all.map(({ id, from, to }) => (id === 0 || id === shown ? strong : weak).range(from, to)),
        true,
      );
    }),
    lineNumberMarkers.compute([field], (state) => {
      const { threads, draft } = state.field(field);
      const starts = (draft ? [...threads, draft] : threads).map(
        ({ from }) => state.doc.lineAt(Math.min(from, state.doc.length)).from,
      );
      return RangeSet.of([...new Set(starts)].sort((a, b) => a - b).map((from) => dot.range(from)));
    }),
  ],
});

const weak = Decoration.mark({ class: "cm-commented" });
const strong = Decoration.mark({ class: "cm-commented cm-comment-shown" });

class Dot extends GutterMarker {
  override elementClass = "cm-has-thread";
}
const dot = new Dot();

function movedBy(transaction: Transaction): (mark: Mark) => Mark {
  const changes = exactChanges(transaction);
  return ({ id, from: start, to: end }) => {
    const to = changes.mapPos(end, -1);
    const from = start === end ? to : Math.min(to, changes.mapPos(start, 1));
    return { id, from, to };
  };
}

export function marksOf(view: EditorView): Marks {
  return view.state.field(marks, false) ?? NONE;
}

interface Told {
  /** The person has pressed the dot or the plus of a line. */
  pressed(view: EditorView, line: number): void;
  changed(view: EditorView): void;
}

/** A command that adds the marks to an editor, once. */
export function adding(told: Told): Command {
  return (view) => {
    if (view.state.field(marks, false)) return false;
    view.dispatch({ effects: StateEffect.appendConfig.of([marks, presses(told)]) });
    return true;
  };
}

/** The left edge of the line numbers, where the dot and the plus are, is this wide. px. */
const EDGE = 20;

function presses({ pressed, changed }: Told): Extension {
  return [
    EditorView.updateListener.of((update) => {
      if (update.docChanged) changed(update.view);
    }),
    ViewPlugin.define((view) => {
      const click = (event: MouseEvent) => {
        const target = event.target instanceof Element ? event.target : null;
        const number = target?.closest<HTMLElement>(".cm-lineNumbers .cm-gutterElement");
        if (!number || event.clientX - number.getBoundingClientRect().left > EDGE) return;
        event.preventDefault();
        event.stopPropagation();
        const block = view.lineBlockAtHeight(event.clientY - view.documentTop);
        pressed(view, view.state.doc.lineAt(block.from).number);
      };
      view.dom.addEventListener("mousedown", click, true);
      return { destroy: () => view.dom.removeEventListener("mousedown", click, true) };
    }),
    EditorView.theme({
      // A stronger colour behind them would leave comments and numbers too little contrast.
      ".cm-commented": {
        backgroundColor: "color-mix(in srgb, var(--warn) 4%, transparent)",
        boxShadow: "0 1px 0 var(--warn)",
      },
      ".cm-comment-shown": { boxShadow: "0 0 0 1px var(--warn)" },
      ".cm-lineNumbers .cm-gutterElement": { position: "relative" },
      ".cm-lineNumbers .cm-has-thread::before": {
        position: "absolute",
        top: "calc(50% - 4px)",
        left: "5px",
        width: "8px",
        height: "8px",
        borderRadius: "50% 50% 50% 2px",
        backgroundColor: "var(--warn)",
        content: "''",
        cursor: "pointer",
      },
      "@media (hover: hover)": {
        ".cm-lineNumbers .cm-gutterElement:not(.cm-has-thread):hover::before": {
          position: "absolute",
          top: "0",
          left: "0",
          width: "20px",
          color: "var(--accent-text)",
          fontWeight: "700",
          textAlign: "center",
          content: "'+'",
          cursor: "pointer",
        },
      },
    }),
  ];
}
