/** Makes two panes scroll together: when a person scrolls one, the other follows. */

interface Side {
  element: HTMLElement;
  /** Return the line of the text at the top, counted from 0, with a fraction. */
  line(): number;
  goTo(line: number): void;
}

/** Start scrolling the panes together. Returns a function that ends it. */
export function inStep(one: Side, other: Side): () => void {
  /**
   * The pane that the code has scrolled, and the position that it reached. The scroll event for that
   * does not come from a person.
   */
  let told: { side: Side; top: number } | null = null;
  const listen = (from: Side, to: Side) => {
    const scroll = () => {
      if (told?.side === from && Math.abs(from.element.scrollTop - told.top) < 2) return;
      to.goTo(from.line());
      told = { side: to, top: to.element.scrollTop };
    };
    from.element.addEventListener("scroll", scroll, { passive: true });
    return () => from.element.removeEventListener("scroll", scroll);
  };
  const ends = [listen(one, other), listen(other, one)];
  return () => {
    for (const end of ends) end();
  };
}
