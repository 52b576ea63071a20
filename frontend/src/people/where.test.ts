import { expect, test } from "vitest";
import { type Person, TYPING } from "./people";
import { everybodyWords, peopleWords, placeWords } from "./where";

const NOW = 10_000_000;
const caret = { file: "main", line: 12, column: 3 };

function person(name: string, about: Partial<Person>): Person {
  const seen = { activeAt: NOW, typedAt: 0 };
  return { person: name, name, colour: 0, self: false, clients: [], caret: null, seen, ...about };
}

const idle = (min: number) => ({ activeAt: NOW - min * 60_000, typedAt: 0 });

test.each<[string, Partial<Person>]>([
  ["Line 12", { caret }],
  ["Line 12 · typing…", { caret, seen: { activeAt: NOW, typedAt: NOW - TYPING + 1 } }],
  ["Line 12 · idle for 6 min", { caret, seen: idle(6) }],
  ["Not in the text yet · idle for 2 h", { seen: idle(125) }],
  ["Not in the text yet", {}],
  ["You", { self: true }],
])("a list says “%s”", (words, about) => {
  expect(placeWords(person("Bo", about), NOW)).toBe(words);
});

test("who does not see the list is told of everybody else in a sentence each", () => {
  const people = [
    person("Me", { self: true }),
    person("Ana", { caret, seen: { activeAt: NOW, typedAt: NOW } }),
    person("Bo", { caret, seen: idle(9) }),
    person("Cy", {}),
  ];
  expect(everybodyWords(people, NOW)).toBe(
    "Ana is on line 12, typing. Bo is on line 12, idle. Cy is not in the text yet.",
  );
  expect(everybodyWords(people.slice(0, 1), NOW)).toBe("Nobody else is here.");
});

test("people are counted in words", () => {
  expect([1, 2, 12].map((count) => peopleWords(count))).toEqual([
    "1 person",
    "2 people",
    "12 people",
  ]);
});

test("without a connection others are counted as last seen", () => {
  expect([1, 3].map((count) => peopleWords(count, false))).toEqual(["1 person", "2 last seen"]);
});

test("who is in another file is said to be there", () => {
  const people = [person("Me", { self: true }), person("Ana", { caret })];
  const fileOf = ({ name }: Person) => (name === "Ana" ? "utils.py" : null);
  expect(placeWords(people[1] as Person, NOW, true, fileOf)).toBe("Line 12 of utils.py");
  expect(placeWords(people[1] as Person, NOW, false, fileOf)).toBe(
    "Last seen on line 12 of utils.py",
  );
  expect(everybodyWords(people, NOW, true, fileOf)).toBe("Ana is on line 12 of utils.py.");
});
