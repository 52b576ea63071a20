/** Lines of an editor that carry a message. A mark goes with its line, and goes away when the line is changed. */
import { type Range, RangeSet, StateEffect, StateField, type Text } from "@codemirror/state";
import {
  Decoration,
  type DecorationSet,
  EditorView,
  GutterMarker,
  gutterLineClass,
  WidgetType,
} from "@codemirror/view";
import type { Document } from "../editor/document";
import "./marks.css";

export interface LineMark {
  /** The start of the line. */
  from: number;
  message: string;
  /** Tells whether the error was raised here, or this line only led there. */
  inner: boolean;
}

interface Kept extends LineMark {
  /** The line's text. */
  text: string;
}

interface Marked {
  marks: readonly Kept[];
  decorations: DecorationSet;
  numbers: RangeSet<GutterMarker>;
}

/** Mark these lines of a document, and no others. */
export function markLines(document: Document, marks: readonly LineMark[]): void {
  if (document.state.field(marked, false) === undefined) {
    if (marks.length === 0) return;
    document.dispatch({ effects: StateEffect.appendConfig.of(marked) });
  }
  document.dispatch({ effects: setMarks.of(marks) });
}

class LineNumber extends GutterMarker {
  override elementClass = "cm-ranNumber";
}

class Message extends WidgetType {
  readonly #words: string;

  constructor(words: string) {
    super();
    this.#words = words;
  }

  override eq(other: Message): boolean {
    return other.#words === this.#words;
  }

  override toDOM(): HTMLElement {
    const dom = document.createElement("span");
    dom.className = "cm-ranMessage";
    dom.append(document.createElement("span"));
    (dom.firstChild as HTMLElement).textContent = this.#words;
    return dom;
  }
}

const number = new LineNumber();
const setMarks = StateEffect.define<readonly LineMark[]>();
const none: Marked = { marks: [], decorations: Decoration.none, numbers: RangeSet.empty };

const marked = StateField.define<Marked>({
  create: () => none,
  update(value, { docChanged, changes, newDoc, effects }) {
    let next = value;
    if (docChanged && value.marks.length > 0) {
      const moved = value.marks.map((mark) => ({ ...mark, from: changes.mapPos(mark.from, 1) }));
      next = drawn(
        moved.filter(({ from, text }) => {
          const line = newDoc.lineAt(from);
          return line.from === from && line.text === text;
        }),
        newDoc,
      );
    }
    for (const effect of effects) {
      if (effect.is(setMarks)) {
        const kept = effect.value.map((mark) => ({ ...mark, text: newDoc.lineAt(mark.from).text }));
        next = drawn(kept, newDoc);
      }
    }
    return next;
  },
  provide: (field) => [
    EditorView.decorations.from(field, ({ decorations }) => decorations),
    gutterLineClass.from(field, ({ numbers }) => numbers),
  ],
});

function drawn(marks: readonly Kept[], doc: Text): Marked {
  if (marks.length === 0) return none;
  const decorations: Range<Decoration>[] = [];
  const numbers: Range<GutterMarker>[] = [];
  for (const { from, message, inner } of marks) {
    const line = doc.lineAt(from);
    const blank = line.text.length - line.text.trimStart().length;
    const attributes = { title: message };
    const mark = Decoration.mark({ class: inner ? "cm-ran" : "cm-ran cm-ranThrough", attributes });
    if (line.from + blank < line.to) decorations.push(mark.range(line.from + blank, line.to));
    if (inner) {
      const widget = Decoration.widget({ widget: new Message(message), side: 1 });
      decorations.push(widget.range(line.to));
      decorations.push(Decoration.line({ class: "cm-ranLine" }).range(line.from));
      numbers.push(number.range(line.from));
    }
  }
  return {
    marks,
    decorations: Decoration.set(decorations, true),
    numbers: RangeSet.of(numbers, true),
  };
}
