/**
 * The output's text on the screen. CodeMirror draws only what is in view, so megabytes scroll smoothly. What
 * comes in is read in turns of some ms.
 */
import { EditorState, type Range, StateEffect, Text } from "@codemirror/state";
import {
  Decoration,
  type DecorationSet,
  EditorView,
  ViewPlugin,
  type ViewUpdate,
  WidgetType,
} from "@codemirror/view";
import { extension as searching } from "../editor/search";
import { nonced } from "../editor/theme";
import type { Part } from "./messages";
import { type Place, placesIn } from "./places";
import { Printed, type Run, runsWithin, type Style, slices } from "./printed";

/** The UTF-16 units that are read at once, and the ms after which other work gets its turn. */
const SLICE = 8_192;
const TURN = 6;
/** How near to the end in CSS pixels counts as at the end. */
const NEAR = 40;

export interface Links {
  /** The address of a place that a line names; null if it is no place in the room. */
  address(place: Place): string | null;
  follow(place: Place): void;
  /** The address of a picture, and the function that shows it in an image. */
  picture(path: string): string;
  show(image: HTMLImageElement, path: string): void;
}

export class OutputText {
  readonly view: EditorView;
  readonly #printed = new Printed();
  #waiting: Generator<Part[]>[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Tells whether the end of the text stays in view. */
  #follows = true;
  readonly #sizes: ResizeObserver;

  constructor(parent: HTMLElement, links: Links) {
    const { runs } = this.#printed;
    this.view = new EditorView({
      parent,
      extensions: [
        nonced(),
        look,
        EditorState.readOnly.of(true),
        EditorView.editable.of(false),
        EditorView.lineWrapping,
        EditorView.contentAttributes.of({
          tabindex: "0",
          "aria-label": "What the program printed",
        }),
        searching(),
        styles(runs, links, () => this.#grown()),
        linking(links),
      ],
    });
    const { scrollDOM } = this.view;
    let before = 0;
    let byPerson = false;
    for (const kind of ["wheel", "touchmove", "keydown", "pointerdown"]) {
      const note = () => {
        byPerson = true;
      };
      scrollDOM.addEventListener(kind, note, { passive: true });
    }
    scrollDOM.addEventListener("scroll", () => {
      const { scrollHeight, scrollTop, clientHeight } = scrollDOM;
      // CodeMirror also scrolls up when lines are lower than it had estimated.
      if (byPerson && scrollTop < before) this.#follows = false;
      // The text may have grown since the page scrolled down.
      if (scrollHeight - scrollTop - clientHeight < NEAR) {
        this.#follows = true;
        byPerson = false;
      }
      before = scrollTop;
    });
    this.#sizes = new ResizeObserver(() => this.#grown());
    this.#sizes.observe(scrollDOM);
  }

  /** All of the shown text. */
  get text(): string {
    return this.view.state.doc.toString();
  }

  add(parts: readonly Part[]): void {
    this.#waiting.push(slices(parts, SLICE));
    this.#timer ??= setTimeout(() => this.#work());
  }

  /** Draw the links anew, because other files are known now. */
  relink(): void {
    this.view.dispatch({ effects: redraw.of(null) });
  }

  destroy(): void {
    clearTimeout(this.#timer);
    this.#sizes.disconnect();
    this.view.destroy();
  }

  /** The text or its place has another height. */
  #grown(): void {
    if (this.#follows) this.view.dispatch({ effects: this.#toEnd() });
    else this.view.requestMeasure();
  }

  #toEnd(end = this.view.state.doc.length): StateEffect<unknown> {
    return EditorView.scrollIntoView(end, { y: "end", yMargin: 8 });
  }

  #work(): void {
    this.#timer = undefined;
    const began = performance.now();
    const { doc } = this.view.state;
    let from = doc.length;
    let insert = "";
    while (performance.now() - began < TURN) {
      const { value: parts } = this.#waiting[0]?.next() ?? {};
      if (parts) {
        const growth = this.#printed.add(parts);
        insert =
          growth.from < from ? growth.insert : insert.slice(0, growth.from - from) + growth.insert;
        from = Math.min(from, growth.from);
      } else if (this.#waiting.length > 0) this.#waiting.shift();
      else break;
    }
    const changes = { from, to: doc.length, insert: Text.of(insert.split("\n")) };
    const effects = this.#follows ? this.#toEnd(from + insert.length) : [];
    this.view.dispatch({ changes, effects });
    if (this.#waiting.length > 0) this.#timer = setTimeout(() => this.#work());
  }
}

const redraw = StateEffect.define<null>();

/** Draws the styles of the lines in view. */
function styles(runs: readonly Run[], links: Links, grown: () => void) {
  return drawing((view) => {
    const drawn: Range<Decoration>[] = [];
    for (const { from, to } of view.visibleRanges) {
      for (const run of runsWithin(runs, from, to)) {
        const [start, end] = [Math.max(from, run.from), Math.min(to, run.to)];
        drawn.push(markOf(run.style).range(start, end));
        if (run.style.picture && end === run.to) {
          const { picture: path } = run.style;
          const widget = new Picture(path, links, grown);
          drawn.push(Decoration.widget({ widget, side: 1 }).range(end));
        }
        if (run.style.author) drawn.push(...authorsOf(view, run, start, end));
      }
    }
    return Decoration.set(drawn, true);
  });
}

const marks = new WeakMap<Style, Decoration>();

function markOf(style: Style): Decoration {
  let mark = marks.get(style);
  if (!mark) {
    const { classes, colour, author } = style;
    const attributes = {
      ...(colour && { style: `color: ${colour}` }),
      ...(author && { title: `${author} typed this` }),
    };
    mark = Decoration.mark({ class: classes, attributes });
    marks.set(style, mark);
  }
  return mark;
}

/** Shows a person's name after each line that the person typed. */
function authorsOf(view: EditorView, run: Run, from: number, to: number): Range<Decoration>[] {
  const found: Range<Decoration>[] = [];
  const widget = Decoration.widget({ widget: new Author(run.style.author), side: 1 });
  for (let at = from; at < to; ) {
    const line = view.state.doc.lineAt(at);
    found.push(widget.range(Math.min(line.to, run.to)));
    at = line.to + 1;
  }
  return found;
}

class Author extends WidgetType {
  readonly #name: string;

  constructor(name: string) {
    super();
    this.#name = name;
  }

  override eq(other: Author): boolean {
    return other.#name === this.#name;
  }

  override toDOM(): HTMLElement {
    const dom = document.createElement("span");
    dom.className = "output-author";
    dom.textContent = this.#name;
    return dom;
  }
}

/** A picture, as large as there is room. */
class Picture extends WidgetType {
  readonly #path: string;
  readonly #links: Links;
  readonly #grown: () => void;

  constructor(path: string, links: Links, grown: () => void) {
    super();
    this.#path = path;
    this.#links = links;
    this.#grown = grown;
  }

  override eq(other: Picture): boolean {
    return other.#path === this.#path;
  }

  override toDOM(): HTMLElement {
    const link = document.createElement("a");
    link.className = "output-picture";
    link.href = this.#links.picture(this.#path);
    link.target = "_blank";
    link.rel = "noopener";
    const image = document.createElement("img");
    image.alt = this.#path;
    // The lines under it move.
    image.onload = image.onerror = this.#grown;
    this.#links.show(image, this.#path);
    link.append(image);
    return link;
  }
}

/** Draws links to the places that are in view, and follows the one that is pressed. */
function linking({ address, follow }: Links) {
  const drawn = drawing((view) => {
    const links: Range<Decoration>[] = [];
    let last = -1;
    for (const { from, to } of view.visibleRanges) {
      for (let at = from; at <= to; ) {
        const line = view.state.doc.lineAt(at);
        at = line.to + 1;
        if (line.from === last) continue;
        last = line.from;
        for (const { from, to, ...place } of placesIn(line.text)) {
          const href = address(place);
          if (href === null) continue;
          const attributes = { href, "data-place": JSON.stringify(place) };
          const link = Decoration.mark({ tagName: "a", class: "output-link", attributes });
          links.push(link.range(line.from + from, line.from + to));
        }
      }
    }
    return Decoration.set(links, true);
  });
  return [
    drawn,
    EditorView.domEventHandlers({
      click(event) {
        const link = (event.target as Element).closest<HTMLElement>("a.output-link");
        if (!link?.dataset.place || event.ctrlKey || event.metaKey || event.shiftKey) return false;
        event.preventDefault();
        follow(JSON.parse(link.dataset.place));
        return true;
      },
    }),
  ];
}

/** A plugin that draws anew whenever other text is in view. */
function drawing(draw: (view: EditorView) => DecorationSet) {
  return ViewPlugin.define(
    (view) => ({
      drawn: draw(view),
      update({ docChanged, viewportChanged, transactions, view }: ViewUpdate) {
        const asked = transactions.some(({ effects }) => effects.some((one) => one.is(redraw)));
        if (docChanged || viewportChanged || asked) this.drawn = draw(view);
      },
    }),
    { decorations: ({ drawn }) => drawn },
  );
}

const look = EditorView.theme({
  "&": { height: "100%", color: "var(--ink)" },
  "&.cm-focused": { outline: "none" },
  ".cm-scroller": {
    fontFamily: "var(--mono)",
    fontSize: "0.8125rem",
    lineHeight: "1.5",
    fontVariantLigatures: "none",
  },
  ".cm-content": { padding: "8px 0" },
  ".cm-line": { padding: "0 14px" },
  "& .cm-searchMatch.cm-searchMatch": {
    backgroundColor: "color-mix(in srgb, var(--warn) 22%, transparent)",
  },
  "& .cm-searchMatch.cm-searchMatch-selected": {
    backgroundColor: "color-mix(in srgb, var(--warn) 40%, transparent)",
  },
  ".cm-selectionMatch": { backgroundColor: "color-mix(in srgb, var(--accent) 14%, transparent)" },
  ".cm-panels": { color: "var(--ink)", backgroundColor: "var(--sunken)" },
  ".cm-panels.cm-panels-top": { borderBottom: "1px solid var(--line)" },
});
