import { signal } from "@preact/signals";
import { beforeEach, expect, test } from "vitest";
import { NEVER, type Person } from "../people";
import { Following } from "./following";

const person = (name: string, line = 1): Person => ({
  person: name,
  name,
  colour: 0,
  self: false,
  clients: [name],
  caret: { file: "main", line, column: 1 },
  seen: NEVER,
});

let went: string[];
const people = signal<readonly Person[]>([]);
const moves = signal(0);
let following: Following;

beforeEach(() => {
  went = [];
  people.value = [person("ann"), person("bo")];
  following = new Following(
    people,
    signal({
      goTo: (who: string) => went.push(`to ${who}`),
      keepInView: (who: string) => went.push(`with ${who}`),
      moves,
    }),
  );
  return () => following.close();
});

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

test("who leaves is followed no more, also when they come back", () => {
  following.follow("bo");
  people.value = [person("ann")];
  people.value = [person("ann"), person("bo")];
  expect(following.person).toBeNull();
});
