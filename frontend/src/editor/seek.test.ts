// @vitest-environment happy-dom
import {
  findNext as next,
  findPrevious as previous,
  replaceNext as replaceNextAtOnce,
  SearchQuery,
  search,
  selectNextOccurrence as selectNextAtOnce,
  setSearchQuery,
} from "@codemirror/search";
import { EditorState } from "@codemirror/state";
import { EditorView } from "@codemirror/view";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Random } from "../testing/random";
import { selectNextOccurrence } from "./nextOccurrence";
import { findNext, findPrevious, replaceNext } from "./seek";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/**
 * Make a text of words that are rare enough to be far apart, and long enough to cross the border of two
 * strides.
 */
function text(random: Random): string {
  const words = Array.from({ length: 40_000 }, () =>
    random.below(8000) === 0 ? random.pick(["a needle", "NEEDLE", "needles"]) : "hay",
  );
  return words.join(" ");
}

function editor(doc: string, query: SearchQuery): EditorView {
  const view = new EditorView({
    doc,
    extensions: [search(), EditorState.allowMultipleSelections.of(true)],
  });
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

test.each(Array.from({ length: 6 }, (_, seed) => seed))(
  "a match is replaced as CodeMirror does it (seed %i)",
  async (seed) => {
    const random = new Random(seed);
    const doc = `needle ${text(random)} needle`;
    const wholeWord = random.below(2) === 0;
    const query = new SearchQuery({ search: "needle", replace: "pin\\t", wholeWord });
    const [ours, theirs] = [editor(doc, query), editor(doc, query)];
    for (let steps = 0; steps < 12; steps++) {
      if (random.below(4) === 0) {
        const anchor = random.below(ours.state.doc.length);
        for (const view of [ours, theirs]) view.dispatch({ selection: { anchor } });
      }
      replaceNext(ours);
      replaceNextAtOnce(theirs);
      await vi.runAllTimersAsync();
      expect(ours.state.doc.eq(theirs.state.doc)).toBe(true);
      const left = /needle/i.test(ours.state.doc.toString());
      if (left && !wholeWord) {
        expect(ours.state.selection.toJSON()).toEqual(theirs.state.selection.toJSON());
      }
    }
    expect(ours.state.doc.toString()).toContain("pin\t");
  },
);

test.each(Array.from({ length: 10 }, (_, seed) => seed))(
  "the next occurrence is that of CodeMirror (seed %i)",
  (seed) => {
    const random = new Random(seed);
    const doc = text(random);
    const query = new SearchQuery({ search: "" });
    const [ours, theirs] = [editor(doc, query), editor(doc, query)];
    const anchor = Math.max(0, doc.indexOf("needle", random.below(doc.length)));
    const head = anchor + random.pick([4, 6]);
    for (const view of [ours, theirs]) view.dispatch({ selection: { anchor, head } });
    for (let steps = 0; steps < 6; steps++) {
      const done = selectNextOccurrence(ours);
      expect(selectNextAtOnce(theirs)).toBe(done);
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
