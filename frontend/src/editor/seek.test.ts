// @vitest-environment happy-dom
import {
  findNext as next,
  findPrevious as previous,
  SearchQuery,
  search,
  setSearchQuery,
} from "@codemirror/search";
import { EditorView } from "@codemirror/view";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Random } from "../testing/random";
import { findNext, findPrevious } from "./seek";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** Words that are rare enough to be far apart, and long enough to lie across strides. */
function text(random: Random): string {
  const words = Array.from({ length: 40_000 }, () =>
    random.below(8000) === 0 ? random.pick(["a needle", "NEEDLE", "needles"]) : "hay",
  );
  return words.join(" ");
}

function editor(doc: string, query: SearchQuery): EditorView {
  const view = new EditorView({ doc, extensions: search() });
  view.dispatch({ effects: setSearchQuery.of(query) });
  return view;
}

test.each(Array.from({ length: 10 }, (_, seed) => seed))(
  "the next match and the one before are those of CodeMirror (seed %i)",
  async (seed) => {
    const random = new Random(seed);
    const doc = text(random);
    const query = new SearchQuery({ search: "needle", wholeWord: random.below(2) === 0 });
    const [ours, theirs] = [editor(doc, query), editor(doc, query)];
    for (let steps = 0; steps < 12; steps++) {
      if (random.below(3) === 0) {
        const anchor = random.below(doc.length);
        for (const view of [ours, theirs]) view.dispatch({ selection: { anchor } });
      }
      const back = random.below(2) === 0;
      (back ? findPrevious : findNext)(ours);
      (back ? previous : next)(theirs);
      await vi.runAllTimersAsync();
      expect(ours.state.selection.toJSON()).toEqual(theirs.state.selection.toJSON());
    }
  },
);

test("who goes elsewhere meanwhile stays there", async () => {
  const view = editor(`${"hay ".repeat(500_000)}needle`, new SearchQuery({ search: "needle" }));
  findNext(view);
  view.dispatch({ selection: { anchor: 7 } });
  await vi.runAllTimersAsync();
  expect(view.state.selection.main.head).toBe(7);
});

test("a text that others change meanwhile is looked through all the same", async () => {
  const view = editor(`${"hay ".repeat(500_000)}needle`, new SearchQuery({ search: "needle" }));
  findNext(view);
  view.dispatch({ changes: { from: 100, insert: "more " } });
  await vi.runAllTimersAsync();
  const { from, to } = view.state.selection.main;
  expect(view.state.sliceDoc(from, to)).toBe("needle");
});
