import { expect, test } from "vitest";
import { filePathIn, roomIdIn, roomName, roomPath, routeOf } from "./address";

const ID = "7f3a91c2-0d4e-4b6a-9c1f-2e5d8a7b6c90";
const OTHER = "5f0c8a52-3c1e-4b6f-9d27-0f6f5b1f2a10";
const SITE = "here.example:8000";

test.each([
  ID,
  ID.toUpperCase(),
  `  ${ID}\n`,
  ID.replaceAll("-", ""),
  `https://collab.example/r/${ID.replaceAll("-", "").toUpperCase()}/`,
  `/r/${ID}`,
  `https://collab.example/r/${ID}`,
  `http://192.168.0.7:8000/r/${ID}/`,
  `collab.example/r/${ID}?from=mail#L12`,
  `https://collab.example/r/${ID}/src/main.py#L12`,
])("a link or an id names its room: %s", (pasted) => {
  expect(roomIdIn(pasted, SITE)).toBe(ID);
});

test.each([
  `Join: https://${SITE}/r/${ID}`,
  `We are in <http://${SITE}/r/${ID.toUpperCase()}/>. Come!`,
  `notes (${SITE}/r/${ID}?from=mail#L12), as before`,
  `see https://${SITE}/r/${ID}/src/main.py.`,
  `The id is “${ID}”.`,
  `https://meet.example/r/${OTHER} and then https://${SITE}/r/${ID}`,
])("the one link to a room here, or the one id, is found among words: %s", (pasted) => {
  expect(roomIdIn(pasted, SITE)).toBe(ID);
});

test.each([
  "",
  "hello",
  ID.slice(1),
  ID.replace("-", ""),
  ID.replaceAll("-", "").slice(1),
  `${ID.replaceAll("-", "")}0`,
  `${ID}0`,
  `${ID} ${ID}`,
  `${ID} or ${OTHER}`,
  `https://${SITE}/r/${ID} or https://${SITE}/r/${OTHER}`,
  `see https://elsewhere.example/r/${ID}`,
  `see https://not-${SITE}/r/${ID}`,
  `see https://${SITE}/other/${ID}`,
  `see https://${SITE}/r/${ID}0`,
  "https://collab.example/r/",
])("anything else names none: %j", (pasted) => {
  expect(roomIdIn(pasted, SITE)).toBeNull();
});

test("a path leads to the landing page, to a room, or nowhere", () => {
  expect(routeOf("/")).toEqual({ page: "landing" });
  expect(routeOf(roomPath(ID))).toEqual({ page: "room", id: ID });
  expect(routeOf(`/r/${ID.toUpperCase()}/`)).toEqual({ page: "room", id: ID });
  expect(routeOf(`/r/${ID.replaceAll("-", "")}`)).toEqual({ page: "room", id: ID });
  expect(routeOf("/r/nonsense")).toEqual({ page: "missing" });
  expect(routeOf("/about")).toEqual({ page: "missing" });
});

test("a room is called by the start of its id", () => {
  expect(roomName(ID)).toBe("Room 7f3a91c2");
});

test.each([
  [`/r/${ID}`, null],
  [`/r/${ID}/`, null],
  [`/r/${ID}/src/main.py`, "src/main.py"],
  [`/r/${ID}/a%20b/%C3%BC%231.md`, "a b/ü#1.md"],
  [`/r/${ID}/100%`, "100%"],
  ["/r/none/main.py", null],
])("the address %s names the file %j", (path, file) => {
  expect(filePathIn(path)).toBe(file);
});

test("the page of a room is the same whatever file of it an address names", () => {
  expect(routeOf(`/r/${ID.toUpperCase()}/src/main.py`)).toEqual({ page: "room", id: ID });
  expect(roomIdIn(`https://${SITE}/r/${ID}/src/main.py#L3`, SITE)).toBe(ID);
});
