import { signal } from "@preact/signals";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { AWAY, Following } from "./following";
import { NEVER, type Person } from "./people";

const person = (name: string, line = 1, file = "main"): Person => ({
  person: name,
  name,
  colour: 0,
  self: false,
  clients: [name],
  caret: { file, line, column: 1 },
  seen: NEVER,
});

let went: string[];
let said: string[];
const people = signal<readonly Person[]>([]);
const moves = signal(0);
const shown = signal<string | null>("main");
/** A stand-in for the editor of a file. Each file has its own. */
const editorOf = () => ({
  goTo: (who: string) => went.push(`to ${who}`),
  keepInView: (who: string) => went.push(`with ${who}`),
  moves,
});
const editor = signal<ReturnType<typeof editorOf> | null>(null);
let following: Following;

beforeEach(() => {
  vi.useFakeTimers();
  went = [];
  said = [];
  people.value = [person("ann"), person("bo")];
  shown.value = "main";
  editor.value = editorOf();
  const open = (file: string) => {
    shown.value = file;
    editor.value = null;
  };
  following = new Following(people, editor, { shown, open }, (words) => said.push(words));
  return () => following.close();
});

afterEach(() => vi.useRealTimers());

test("once goes there, again follows, and once more stops", () => {
  following.choose("bo");
  expect([went, following.person]).toEqual([["to bo"], null]);
  expect(following.isVisited("bo")).toBe(true);
  following.choose("bo");
  expect(following.person?.name).toBe("bo");
  following.choose("bo");
  expect(following.person).toBeNull();
});

test("who is followed is kept in view wherever they go", () => {
  following.follow("bo");
  went = [];
  people.value = [person("ann"), person("bo", 40)];
  expect(went).toEqual(["with bo"]);
  people.value = [person("ann", 7), person("bo", 40)];
  expect(went).toEqual(["with bo"]);
});

test("typing, moving or scrolling oneself stops it, and then once goes there again", () => {
  following.follow("bo");
  moves.value++;
  expect(following.person).toBeNull();
  following.choose("ann");
  moves.value++;
  following.choose("ann");
  expect(following.person).toBeNull();
});

test("to choose somebody else goes there and follows nobody", () => {
  following.follow("bo");
  following.choose("ann");
  expect([following.person, following.isVisited("ann")]).toEqual([null, true]);
});

test("who comes back soon is followed still, and kept in view, though in another page", () => {
  following.follow("bo");
  people.value = [person("ann")];
  expect([following.person?.name, following.away]).toEqual(["bo", true]);
  vi.advanceTimersByTime(AWAY - 1);
  went = [];
  people.value = [person("ann"), { ...person("bo"), clients: ["bo's next"] }];
  expect([following.person?.name, following.away, went]).toEqual(["bo", false, ["with bo"]]);
  vi.advanceTimersByTime(AWAY);
  expect([following.person?.name, said]).toEqual(["bo", []]);
});

test("who stays away is followed no more, which is said, also when they come back", () => {
  following.follow("bo");
  people.value = [person("ann")];
  vi.advanceTimersByTime(AWAY - 1);
  people.value = [person("ann", 2)];
  expect(said).toEqual([]);
  vi.advanceTimersByTime(1);
  people.value = [person("ann"), person("bo")];
  expect([following.person, following.away]).toEqual([null, false]);
  expect(said).toEqual(["bo has left. You no longer follow them."]);
});

test("to move oneself while they are away stops it for good, without a word", () => {
  following.follow("bo");
  people.value = [person("ann")];
  moves.value++;
  expect([following.person, following.away]).toEqual([null, false]);
  vi.advanceTimersByTime(AWAY);
  people.value = [person("ann"), person("bo")];
  expect([following.person, said]).toEqual([null, []]);
});

test("who goes to another file is followed there, and shown once its editor is here", () => {
  following.follow("bo");
  went = [];
  people.value = [person("ann"), person("bo", 3, "utils")];
  expect([shown.value, went]).toEqual(["utils", []]);
  editor.value = editorOf();
  expect([went, following.person?.name]).toEqual([["to bo"], "bo"]);
  people.value = [person("ann"), person("bo", 4, "utils")];
  expect(went).toEqual(["to bo", "with bo"]);
});

test("who goes to another file by themselves follows no more", () => {
  following.follow("bo");
  shown.value = "utils";
  expect(following.person).toBeNull();
});

test("a visit leads to another file, and the next one there follows", () => {
  people.value = [person("ann"), person("bo", 3, "utils")];
  following.choose("bo");
  editor.value = editorOf();
  expect([shown.value, went, following.person]).toEqual(["utils", ["to bo"], null]);
  following.choose("bo");
  expect(following.person?.name).toBe("bo");
});
