import { SearchQuery } from "@codemirror/search";
import { ChangeSet, EditorState } from "@codemirror/state";
import type { ViewUpdate } from "@codemirror/view";
import { expect, test } from "vitest";
import { Random } from "../testing/random";
import {
  brokenWords,
  findMatches,
  MatchCount,
  type Matches,
  matchWords,
  nextMatch,
} from "./matches";

const NOWHERE = { from: 0, to: 0 };

function found(text: string, spec: ConstructorParameters<typeof SearchQuery>[0]): Matches {
  const strides = findMatches(new SearchQuery(spec), EditorState.create({ doc: text }));
  for (;;) {
    const { done, value } = strides.next();
    if (done) return value;
  }
}

test.each([
  ["", "No matches"],
  ["red", "1 match"],
  ["red Red reD", "3 matches"],
  ["red ".repeat(1000), "1,000 matches"],
  ["red ".repeat(1001), "1,000+ matches"],
])("%# what a search finds is said in words", (text, words) => {
  expect(matchWords(found(text, { search: "red" }), NOWHERE)).toBe(words);
});

test("the selected match is said by its number", () => {
  const matches = found("red red red", { search: "red" });
  expect(matchWords(matches, { from: 4, to: 7 })).toBe("2 of 3");
  expect(matchWords(matches, { from: 4, to: 6 })).toBe("3 matches");
});

test("case, whole words and patterns count as they are searched", () => {
  expect(found("Red red", { search: "red", caseSensitive: true }).ranges).toHaveLength(1);
  expect(found("redo red", { search: "red", wholeWord: true }).ranges).toHaveLength(1);
  expect(found("a1\nb2", { search: "\\d", regexp: true }).ranges).toHaveLength(2);
  expect(found("a\nb", { search: "a\\nb", regexp: true }).ranges).toHaveLength(1);
});

test("a long text is looked through a stride at a time, and nothing is lost between two", () => {
  const random = new Random(7);
  for (let round = 0; round < 20; round++) {
    // Put some matches near the border between strides, at all offsets.
    const text = `${"-".repeat(19_960 + random.below(20))}${"ab".repeat(60)}${"-".repeat(20_000)}abab`;
    const search = "ab".repeat(1 + random.below(9));
    const state = EditorState.create({ doc: text });
    const cursor = new SearchQuery({ search }).getCursor(state);
    const whole: unknown[] = [];
    for (let next = cursor.next(); !next.done; next = cursor.next()) whole.push(next.value);
    expect(whole).toMatchObject(found(text, { search }).ranges);
  }
});

test("a text without a match is left after every stride", () => {
  const state = EditorState.create({ doc: "-".repeat(100_000) });
  const strides = [...findMatches(new SearchQuery({ search: "red" }), state)];
  expect(strides.length).toBeGreaterThan(15);
});

test("who writes a search is led to the next match, and round to the first", () => {
  const state = EditorState.create({ doc: "red green red blue" });
  const query = new SearchQuery({ search: "red" });
  const matches = found("red green red blue", { search: "red" });
  expect(nextMatch(matches, 1, query, state)).toMatchObject({ from: 10, to: 13 });
  expect(nextMatch(matches, 14, query, state)).toMatchObject({ from: 0, to: 3 });
  expect(nextMatch({ ranges: [], more: false }, 0, query, state)).toBeUndefined();
});

test("beyond the matches that are counted the next one is found all the same", () => {
  const state = EditorState.create({ doc: "red ".repeat(1500) });
  const query = new SearchQuery({ search: "red" });
  const matches = found("red ".repeat(1500), { search: "red" });
  expect(nextMatch(matches, 5001, query, state)).toMatchObject({ from: 5004, to: 5007 });
});

test("a broken pattern is said to be one, with what is wrong", () => {
  expect(brokenWords("(a: b")).toBe("Broken pattern: unterminated group");
  expect(brokenWords("[")).toMatch(/^Broken pattern: \w/);
});

test("matches follow edits until they are counted anew", async () => {
  const query = new SearchQuery({ search: "red" });
  const before = EditorState.create({ doc: "red red red" });
  const count = new MatchCount(query, before, () => {});
  await expect.poll(() => count.words.value).toBe("3 matches");
  const typed = before.update({ changes: { from: 0, insert: "new " } });
  const told = { selectionSet: false, docChanged: true, startState: before };
  count.update({ ...told, changes: typed.changes, state: typed.state } as ViewUpdate, query);
  const { state } = typed.state.update({ selection: { anchor: 8, head: 11 } });
  const changes = ChangeSet.empty(state.doc.length);
  const moved = { selectionSet: true, docChanged: false, startState: typed.state };
  count.update({ ...moved, changes, state } as ViewUpdate, query);
  expect(count.words.value).toBe("2 of 3");
  count.destroy();
});
