import { expect, test } from "vitest";
import { grouped } from "./people";

const self = { person: "me", name: "Quiet Otter", colour: 3, client: "c0" };
const bo = { person: "bo", name: "Bo", colour: 1 };
const caret = { file: "main", line: 2, column: 3 };

test("oneself comes first, with the own other tabs, and then each person once", () => {
  const peers = new Map([
    ["c1", bo],
    ["c2", { ...self, name: "Older name" }],
    ["c3", bo],
  ]);
  expect(grouped(self, peers, () => null)).toEqual([
    {
      person: "me",
      name: "Quiet Otter",
      colour: 3,
      self: true,
      clients: ["c0", "c2"],
      caret: null,
    },
    { ...bo, self: false, clients: ["c1", "c3"], caret: null },
  ]);
});

test("a person is where the first of their tabs with a caret is", () => {
  const peers = new Map([
    ["c1", bo],
    ["c2", bo],
  ]);
  const [, person] = grouped(self, peers, (client) => (client === "c2" ? caret : null));
  expect(person?.caret).toEqual(caret);
});
