/**
 * Colours the tokens on the screen, as CodeMirror's `syntaxHighlighting` does, but leaves very long
 * lines plain: a browser takes seconds to lay out thousands of spans in one line.
 */
import { type HighlightStyle, syntaxTree } from "@codemirror/language";
import { type Extension, Prec, RangeSetBuilder } from "@codemirror/state";
import {
  Decoration,
  type DecorationSet,
  EditorView,
  ViewPlugin,
  type ViewUpdate,
} from "@codemirror/view";
import { highlightTree } from "@lezer/highlight";

/** The number of UTF-16 units from which a line gets no colours. */
export const LONG_LINE = 10_000;

export function highlighting(style: HighlightStyle): Extension {
  const module = style.module ? EditorView.styleModule.of(style.module) : [];
  const plugin = ViewPlugin.define((view) => new Highlighter(view, style), {
    decorations: (highlighter) => highlighter.decorations,
  });
  return [module, Prec.high(plugin)];
}

/** Call `tell` once, when a line that is too long for colours is first shown. */
export function longLines(tell: (words: string) => void): Extension {
  let told = false;
  const look = (view: EditorView) => {
    const line = told ? null : longLine(view);
    if (line === null) return;
    told = true;
    const words = `Line ${line.toLocaleString("en")} is very long, so it has no colours, no matching of brackets and no suggestions.`;
    // Call `tell` later: a view that is being created or updated accepts no dispatch.
    queueMicrotask(() => tell(words));
  };
  return ViewPlugin.define((view) => {
    look(view);
    return {
      update(update) {
        if (update.docChanged || update.viewportChanged) look(update.view);
      },
    };
  });
}

/** Return the ranges of text on the screen without very long lines. */
export function shortLines({ state: { doc }, visibleRanges }: EditorView) {
  const ranges: { from: number; to: number }[] = [];
  for (const { from, to } of visibleRanges) {
    let start = from;
    for (let line = doc.lineAt(from); ; line = doc.lineAt(line.to + 1)) {
      if (line.length >= LONG_LINE) {
        if (line.from > start) ranges.push({ from: start, to: line.from });
        start = line.to;
      }
      if (line.to >= to) break;
    }
    if (start < to) ranges.push({ from: start, to });
  }
  return ranges;
}

function longLine({ state: { doc }, viewport }: EditorView): number | null {
  for (let line = doc.lineAt(viewport.from); ; line = doc.lineAt(line.to + 1)) {
    if (line.length >= LONG_LINE) return line.number;
    if (line.to >= viewport.to) return null;
  }
}

class Highlighter {
  decorations: DecorationSet;
  readonly #style: HighlightStyle;
  readonly #marks = new Map<string, Decoration>();
  #tree;
  /** The offset up to which the text is coloured. */
  #to: number;

  constructor(view: EditorView, style: HighlightStyle) {
    this.#style = style;
    this.#tree = syntaxTree(view.state);
    this.decorations = this.#build(view);
    this.#to = view.viewport.to;
  }

  update({ changes, state, view, viewportChanged }: ViewUpdate): void {
    const tree = syntaxTree(state);
    const { viewport } = view;
    const to = changes.mapPos(this.#to, 1);
    // Keep the present colours until the parser has reached the end of the screen.
    if (tree.length < viewport.to && tree.type === this.#tree.type && to >= viewport.to) {
      this.decorations = this.decorations.map(changes);
      this.#to = to;
    } else if (tree !== this.#tree || viewportChanged) {
      this.#tree = tree;
      this.decorations = this.#build(view);
      this.#to = viewport.to;
    }
  }

  #build(view: EditorView): DecorationSet {
    const builder = new RangeSetBuilder<Decoration>();
    if (this.#tree.length === 0) return Decoration.none;
    for (const { from, to } of shortLines(view)) {
      const mark = (start: number, end: number, names: string) =>
        builder.add(start, end, this.#mark(names));
      highlightTree(this.#tree, this.#style, mark, from, to);
    }
    return builder.finish();
  }

  #mark(names: string): Decoration {
    const known = this.#marks.get(names) ?? Decoration.mark({ class: names });
    this.#marks.set(names, known);
    return known;
  }
}
