/**
 * Shows the sections of a text in a scrolling element. A section gets its nodes when it comes near the
 * visible part, so a long text costs only what the person looks at. Unchanged sections keep their
 * nodes.
 */
import type { Section, Update } from "./sections";

/** Makes the nodes of a section from its HTML. */
type Fill = (html: string, into: HTMLElement) => void;

interface Leaf {
  section: Section;
  element: HTMLElement;
  filled: boolean;
}

/** The distance in CSS pixels from the visible part within which sections get their nodes. */
const AROUND = 800;
/** The time in ms of making nodes after which other work gets a turn. */
const SLICE = 8;
/** The assumed height of a line in a section without nodes, in CSS pixels. */
const LINE = 24;

export class Paper {
  readonly #place: HTMLElement;
  readonly #fill: Fill;
  readonly #leaves: Leaf[] = [];
  readonly #near: IntersectionObserver;
  /** Sections that have come near the visible part and have no nodes yet. */
  readonly #waiting: Leaf[] = [];

  constructor(place: HTMLElement, fill: Fill) {
    this.#place = place;
    this.#fill = fill;
    this.#near = new IntersectionObserver(
      (seen) => {
        for (const { isIntersecting, target } of seen) {
          const leaf = isIntersecting && this.#leaves.find(({ element }) => element === target);
          if (leaf) this.#near.unobserve(leaf.element);
          if (leaf) this.#waiting.push(leaf);
        }
        this.#writeInTurns();
      },
      { root: place.parentElement, rootMargin: `${AROUND}px` },
    );
  }

  update({ start, gone: count, come: sections, lines }: Omit<Update, "anchors">): void {
    const gone = this.#leaves.slice(start, start + count);
    const after = this.#leaves[start + count]?.element ?? null;
    const come = sections.map((section) => this.#leaf(section));
    // Fill a section at once when it replaces one that was filled, so that nothing flickers.
    for (const [index, leaf] of come.entries()) if (gone[index]?.filled) this.#write(leaf);
    for (const { element } of come) this.#place.insertBefore(element, after);
    for (const { element } of gone) {
      this.#near.unobserve(element);
      element.remove();
    }
    for (const { element, filled } of come) if (!filled) this.#near.observe(element);
    this.#leaves.splice(start, count, ...come);
    for (const [index, { section }] of this.#leaves.entries()) {
      section.line = lines[index] ?? section.line;
    }
  }

  clear(): void {
    this.update({ start: 0, gone: this.#leaves.length, come: [], lines: [] });
  }

  /** Make the nodes again of the sections whose HTML contains `part`. */
  refresh(part: string): void {
    for (const leaf of this.#leaves) {
      if (!leaf.filled || !leaf.section.html.includes(part)) continue;
      leaf.filled = false;
      this.#write(leaf);
    }
  }

  /** Return the distance in CSS pixels from the top of the element to a line of the text. */
  topOf(line: number): number {
    const index = this.#leaves.findLastIndex(({ section }) => section.line <= line);
    const leaf = this.#leaves[index];
    if (!leaf) return 0;
    this.#write(leaf);
    const blocks = placesIn(leaf);
    const at = blocks.findLastIndex((block) => block.line <= line);
    const block = blocks[at];
    if (!block) return leaf.element.offsetTop;
    const next = blocks[at + 1];
    const below = this.#leaves[index + 1];
    const end = next?.top ?? leaf.element.offsetTop + leaf.element.offsetHeight;
    const last = next?.line ?? below?.section.line ?? leaf.section.line + leaf.section.lines;
    const share = last > block.line ? Math.min(1, (line - block.line) / (last - block.line)) : 0;
    return block.top + share * (end - block.top);
  }

  /** Return the line of the text at a distance in CSS pixels from the top of the element. */
  lineAt(top: number): number {
    const leaf =
      this.#leaves.findLast(({ element }) => element.offsetTop <= top) ?? this.#leaves[0];
    if (!leaf) return 0;
    const blocks = placesIn(leaf);
    const at = blocks.findLastIndex((block) => block.top <= top);
    const block = blocks[at] ?? { top: leaf.element.offsetTop, line: leaf.section.line };
    const next = blocks[at + 1] ?? {
      top: leaf.element.offsetTop + leaf.element.offsetHeight,
      line: leaf.section.line + leaf.section.lines,
    };
    const share =
      next.top > block.top ? Math.min(1, (top - block.top) / (next.top - block.top)) : 0;
    return block.line + share * (next.line - block.line);
  }

  end(): void {
    this.#waiting.length = 0;
    this.#near.disconnect();
  }

  #leaf(section: Section): Leaf {
    const element = document.createElement("div");
    element.className = "paper-section";
    element.style.minHeight = `${section.lines * LINE}px`;
    return { section, element, filled: false };
  }

  /** Make nodes for a few ms at a time, so that typing is handled in between. */
  #writeInTurns(): void {
    const end = performance.now() + SLICE;
    do {
      const leaf = this.#waiting.shift();
      if (leaf && this.#leaves.includes(leaf)) this.#write(leaf);
    } while (this.#waiting.length > 0 && performance.now() < end);
    if (this.#waiting.length > 0) setTimeout(() => this.#writeInTurns());
  }

  #write(leaf: Leaf): void {
    if (leaf.filled) return;
    leaf.filled = true;
    this.#near.unobserve(leaf.element);
    leaf.element.style.minHeight = "";
    this.#fill(leaf.section.html, leaf.element);
  }
}

/** Return the positions of a section's blocks, and the lines of the text at which they begin. */
function placesIn({ section, element }: Leaf): { top: number; line: number }[] {
  return [...element.querySelectorAll<HTMLElement>(":scope > [data-at]")].map((block) => ({
    top: block.offsetTop,
    line: section.line + Number(block.dataset.at),
  }));
}
