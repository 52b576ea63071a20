/**
 * A list of rows of equal height that draws only the rows in view and the current row. The current row
 * has the focus: Tab reaches it, and the arrow keys move on from it.
 */
import { useSignal } from "@preact/signals";
import type { RefObject } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";

interface Rows {
  count: number;
  /** The height of a row in CSS pixels. */
  height: number;
  /** The index of the current row. Its `id` is in the row element's `data-id`. */
  at: number;
  id: string | undefined;
  /** Tells whether the focus must stay where it is for now. */
  held: boolean;
}

interface Virtual {
  list: RefObject<HTMLDivElement | null>;
  /** The indices of the rows to draw. */
  drawn: readonly number[];
  /** Return the number of rows that Page Up and Page Down move by. */
  page(): number;
  /** Scroll as little as necessary to bring a row into view. */
  reveal(index: number): void;
  /** Event handlers for the scrolling element. */
  handlers: {
    onScroll(event: { currentTarget: HTMLElement }): void;
    onFocusIn(): void;
    onFocusOut(): void;
  };
}

export function useVirtualRows({ count, height, at, id, held }: Rows): Virtual {
  const list = useRef<HTMLDivElement>(null);
  const scrolled = useSignal(0);
  const seen = useSignal(600);
  const hasFocus = useRef(false);

  useLayoutEffect(() => {
    const scroller = list.current;
    if (!scroller) return;
    const measure = new ResizeObserver(() => {
      seen.value = scroller.clientHeight;
    });
    measure.observe(scroller);
    return () => measure.disconnect();
  }, [seen]);

  const reveal = (index: number) => {
    const scroller = list.current;
    if (!scroller) return;
    const [top, bottom] = [index * height, (index + 1) * height];
    if (top < scroller.scrollTop) scroller.scrollTop = top;
    else if (bottom > scroller.scrollTop + scroller.clientHeight) {
      scroller.scrollTop = bottom - scroller.clientHeight;
    }
  };
  // Move the focus to the current row when that changes, and keep the row in view.
  useLayoutEffect(() => {
    if (!hasFocus.current || held) return;
    reveal(at);
    const row = list.current?.querySelector<HTMLElement>(`[data-id="${CSS.escape(id ?? "")}"]`);
    if (row && row !== document.activeElement) row.focus({ preventScroll: true });
  }, [at, id, held]);

  const [first, end] = inView(count, height, scrolled.value, seen.value);
  const drawn = Array.from({ length: end - first }, (_, index) => first + index);
  if (at >= 0 && at < count && (at < first || at >= end)) drawn.push(at);
  return {
    list,
    drawn,
    page: () => Math.max(1, Math.floor(seen.peek() / height) - 1),
    reveal,
    handlers: {
      onScroll: ({ currentTarget }) => {
        scrolled.value = currentTarget.scrollTop;
      },
      onFocusIn: () => {
        hasFocus.current = true;
      },
      onFocusOut: () => {
        // A focused row that is removed loses the focus to the body; the list then still counts as
        // focused, so the next current row takes the focus.
        requestAnimationFrame(() => {
          const focusedNow = document.activeElement;
          if (focusedNow !== document.body) {
            hasFocus.current = list.current?.contains(focusedNow) ?? false;
          }
        });
      },
    },
  };
}

/** Return the rows to draw in a scrolled list: the index of the first, and the index after the last. */
export function inView(
  count: number,
  height: number,
  scrolled: number,
  seen: number,
  beyond = 8,
): [first: number, end: number] {
  const first = Math.floor(scrolled / height) - beyond;
  const end = Math.ceil((scrolled + seen) / height) + beyond;
  return [Math.max(0, Math.min(first, count)), Math.max(0, Math.min(end, count))];
}
