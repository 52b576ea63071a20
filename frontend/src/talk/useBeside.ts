/** Keeps a card of the list of comments and its line together: at one height, or on a phone both in view. */
import { EditorView } from "@codemirror/view";
import type { RefObject } from "preact";
import { useLayoutEffect } from "preact/hooks";
import type { RoomContext } from "../feature";
import { phone } from "../frame/screen";
import type { Comments } from "./comments";
import { type Mark, marksOf } from "./marks";

/** px between a card and the edge of the list at least. */
const EDGE = 10;

/** `id` is that of a thread, 0 of the comment that is being written; null keeps nothing. */
export function useBeside(
  room: RoomContext,
  comments: Comments,
  card: RefObject<HTMLElement | null>,
  id: number | null,
): void {
  const editor = room.editor.value;
  const lines = comments.lines.value;
  useLayoutEffect(() => {
    if (id === null || !card.current || phone.matches) return;
    const scroller = editor?.scroller();
    const place = () => {
      editor?.run((view) => {
        const top = lineOf(view, id);
        if (top !== null && card.current) put(card.current, top);
        return true;
      });
    };
    place();
    scroller?.addEventListener("scroll", place, { passive: true });
    return () => scroller?.removeEventListener("scroll", place);
  }, [id, editor, lines]);
  useLayoutEffect(() => {
    const list = card.current?.parentElement;
    if (id === null || !list) return;
    // The sheet of a phone leaves less of the text in view than there was.
    if (phone.matches) requestAnimationFrame(() => editor?.run((view) => reveal(view, id)));
    return () => pad(list, 0, 0);
  }, [id, editor]);
}

function markOf(view: EditorView, id: number): Mark | null | undefined {
  const { threads, draft } = marksOf(view);
  return id === 0 ? draft : threads.find((one) => one.id === id);
}

/** The top of the line of a mark, in the window. */
function lineOf(view: EditorView, id: number): number | null {
  const mark = markOf(view, id);
  return mark ? view.lineBlockAt(mark.from).top + view.documentTop : null;
}

function reveal(view: EditorView, id: number): boolean {
  const mark = markOf(view, id);
  if (mark) view.dispatch({ effects: EditorView.scrollIntoView(mark.from, { y: "center" }) });
  return mark !== undefined;
}

/** Put a card at a height in the window: scroll its list, and pad the list if it cannot scroll so far. */
function put(card: HTMLElement, top: number): void {
  const list = card.parentElement as HTMLElement;
  pad(list, 0, 0);
  const { clientHeight, scrollTop } = list;
  const edge = list.getBoundingClientRect().top;
  // The whole card stays in view, unless it is longer than the list.
  const lowest = Math.max(EDGE, clientHeight - card.offsetHeight - EDGE);
  const wanted = Math.max(EDGE, Math.min(top - edge, lowest));
  const natural = card.getBoundingClientRect().top - edge + scrollTop;
  const last = list.lastElementChild ?? card;
  const content = last.getBoundingClientRect().bottom - edge + scrollTop + EDGE;
  const scrolled = Math.max(0, natural - wanted);
  pad(
    list,
    Math.max(0, wanted - natural),
    scrolled > 0 ? Math.max(0, scrolled + clientHeight - content) : 0,
  );
  list.scrollTop = scrolled;
}

function pad(list: HTMLElement, above: number, below: number): void {
  list.style.setProperty("--above", `${above}px`);
  list.style.setProperty("--below", `${below}px`);
}
