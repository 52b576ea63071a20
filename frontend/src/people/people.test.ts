import { expect, test } from "vitest";
import { doing, grouped, IDLE, NEVER, ownColour, type Person, TYPING } from "./people";

const self = { person: "me", name: "Quiet Otter", colour: 3, client: "c0" };
const bo = { person: "bo", name: "Bo", colour: 1 };
const caret = { file: "main", line: 2, column: 3 };

test("oneself comes first, with the own other tabs, and then each person once", () => {
  const peers = new Map([
    ["c1", bo],
    ["c2", { ...self, name: "Older name" }],
    ["c3", bo],
  ]);
  expect(
    grouped(
      self,
      peers,
      () => null,
      () => NEVER,
    ),
  ).toEqual([
    {
      person: "me",
      name: "Quiet Otter",
      colour: 3,
      self: true,
      clients: ["c0", "c2"],
      caret: null,
      seen: NEVER,
    },
    { ...bo, self: false, clients: ["c1", "c3"], caret: null, seen: NEVER },
  ]);
});

test("an agent says for whom it works", () => {
  const peers = new Map([["c1", { ...bo, agent: "Ann" }]]);
  const [, agent] = grouped(
    self,
    peers,
    () => null,
    () => NEVER,
  );
  expect(agent?.agent).toBe("Ann");
});

test("a person is where the first of their tabs with a caret is", () => {
  const peers = new Map([
    ["c1", bo],
    ["c2", bo],
  ]);
  const [, person] = grouped(
    self,
    peers,
    (client) => (client === "c2" ? caret : null),
    () => NEVER,
  );
  expect(person?.caret).toEqual(caret);
});

test("what a person does in one tab they do", () => {
  const peers = new Map([
    ["c1", bo],
    ["c2", bo],
  ]);
  const seen = new Map([
    ["c1", { activeAt: 10, typedAt: 9 }],
    ["c2", { activeAt: 20, typedAt: 5 }],
  ]);
  const [, person] = grouped(
    self,
    peers,
    () => null,
    (client) => seen.get(client) ?? NEVER,
  );
  expect(person?.seen).toEqual({ activeAt: 20, typedAt: 9 });
});

test.each([
  ["who typed just now is typing", { activeAt: 100, typedAt: 100 }, 100 + TYPING - 1, "typing"],
  ["who stopped is here", { activeAt: 100, typedAt: 100 }, 100 + TYPING, "here"],
  ["who moved a caret is here", { activeAt: 100, typedAt: 0 }, 100 + IDLE - 1, "here"],
  ["who has done nothing for long is idle", { activeAt: 100, typedAt: 50 }, 100 + IDLE, "idle"],
])("%s", (_, seen, now, expected) => {
  const person: Person = { ...bo, self: false, clients: ["c1"], caret: null, seen };
  expect(doing(person, now)).toBe(expected);
  expect(doing({ ...person, self: true }, now)).toBe("here");
});

test.each([
  [[], 3],
  [[1, 2], 3],
  [[3], 4],
  [[3, 4, 6], 5],
  [[0, 3, 4, 5, 6, 7], 1],
  [[0, 1, 2, 3, 4, 5, 6, 7], 3],
])("among people of the colours %j one takes %i", (colours, taken) => {
  const others = colours.map((colour) => ({ person: `p${colour}`, name: "Bo", colour }));
  expect(ownColour(self, others)).toBe(taken);
});

test("the tabs of one person have one colour", () => {
  expect(
    ownColour(self, [
      { ...bo, colour: 3 },
      { ...self, colour: 6 },
    ]),
  ).toBe(6);
});

test("without a connection nothing is known of the others, and oneself is here", () => {
  const now = 1_767_225_600_000;
  const seen = { activeAt: now, typedAt: now };
  const other = { ...bo, self: false, clients: [], caret: null, seen };
  expect(doing(other, now)).toBe("typing");
  expect(doing(other, now, false)).toBe("unknown");
  expect(doing({ ...other, self: true }, now, false)).toBe("here");
});

test("where every colour is taken, the one that the fewest have is", () => {
  const one = (person: string, colour: number) => ({ person, name: person, colour });
  const all = Array.from({ length: 8 }, (_, colour) => one(`p${colour}`, colour));
  const twice = [0, 1, 2, 3, 4, 6, 7].map((colour) => one(`q${colour}`, colour));
  expect(ownColour(self, [...all, ...twice])).toBe(5);
});
