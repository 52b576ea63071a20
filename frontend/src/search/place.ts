/** Finds the place of a match in a text. */
import type { EditorState } from "@codemirror/state";
import { offsetAt } from "../editor/line";
import type { Match } from "./api";

/**
 * Return the place of a match now: the place nearest to its own that has the match's text, else its own
 * place.
 */
export function placeOf(state: EditorState, match: Match): { from: number; to: number } {
  const own = offsetAt(state, match.line, match.column);
  const text = match.excerpt.slice(...utf16(match.excerpt, [match.marked, match.marked_end]));
  if (state.sliceDoc(own, own + text.length) === text) return { from: own, to: own + text.length };
  const all = state.doc.toString();
  const places = [all.lastIndexOf(text, own), all.indexOf(text, own)].filter((at) => at >= 0);
  const [nearest] = places.sort((a, b) => Math.abs(a - own) - Math.abs(b - own));
  if (nearest === undefined || text === "") return { from: own, to: own };
  return { from: nearest, to: nearest + text.length };
}

/** Convert a place in a text from code points to UTF-16 units. */
export function utf16(text: string, [from, to]: [number, number]): [number, number] {
  const points = [...text];
  const start = points.slice(0, from).join("").length;
  return [start, start + points.slice(from, to).join("").length];
}
