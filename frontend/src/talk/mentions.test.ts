import { expect, test } from "vitest";
import { choicesFor, mentionsIn, namesAway } from "./mentions";

const people = [
  { name: "Me", person: "m", self: true },
  { name: "Ann", person: "a", self: false },
  { name: "Ann Lee", person: "l", self: false },
  { name: "Quiet Otter", person: "q", self: false },
];

test.each([
  ["hello @", ["Ann", "Ann Lee", "Quiet Otter", "here"]],
  ["hello @an", ["Ann", "Ann Lee"]],
  ["@ott", ["Quiet Otter"]],
  ["@Quiet O", ["Quiet Otter"]],
  ["mail@an", []],
  ["@ann\n", []],
  ["no", []],
])("%j offers %j", (text, names) => {
  const offered = choicesFor(people, [], text, text.length);
  expect(offered.map(({ insert }) => insert)).toEqual(names.map((name) => `@${name} `));
});

test.each([
  ["@Ann, look", ["a"]],
  ["@Ann Lee, look", ["l"]],
  ["@Annabel", []],
  ["mail@Ann", []],
  ["@here and @Quiet Otter", ["@here", "q"]],
  ["@Ann @Ann", ["a"]],
])("%j mentions %j", (text, ids) => {
  expect(mentionsIn(text, people)).toEqual(ids);
});

test.each([
  ["@Cy Moss, look", ["Cy", "Cy Moss", "Cy Moss, look"]],
  ["@Ann and @here", []],
  ["mail@Cy", []],
  ["@Cy.\nnext", ["Cy"]],
  ["@ and @@", []],
])("%j may mention %j of those who are away", (text, names) => {
  expect(namesAway(text, people)).toEqual(names);
});

test("what a text mentions has an end", () => {
  const text = Array.from({ length: 30 }, (_, n) => `@n${n}`).join("\n");
  expect(namesAway(text, people)).toHaveLength(20);
  expect(namesAway(text, people, [], 19)).toEqual(["n0"]);
  expect(namesAway(`@${"x".repeat(41)}`, people)).toEqual([]);
});

test("members who are away are offered and mentioned by the whole of their names", () => {
  const members = ["Cy", "Cy Moss of the North"];
  const offered = choicesFor(people, members, "@c", 2).map(({ insert }) => insert);
  expect(offered).toEqual(["@Cy ", "@Cy Moss of the North "]);
  expect(namesAway("@Cy Moss of the North, look", people, members)).toEqual([
    "Cy Moss of the North",
  ]);
  expect(namesAway("@Cy, look", people, members)).toEqual(["Cy"]);
});
