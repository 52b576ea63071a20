import { expect, test } from "vitest";
import { keysOf } from "../actions";
import { commandActions } from "./commands";

const all = commandActions(
  () => {},
  () => true,
);

test.each([false, true])("no key leads to two commands (Mac: %s)", (mac) => {
  const keys = all.flatMap((action) => keysOf(action, mac));
  expect(keys.filter((key, index) => keys.indexOf(key) !== index)).toEqual([]);
});

test("keys are named as `keyOf` names them: Mod, Ctrl, Alt, Shift, then the key", () => {
  const proper = /^(?:Mod-)?(?:Ctrl-)?(?:Alt-)?(?:Shift-)?(?:[^A-Z\s]|[A-Z]\w+)$/;
  const keys = all.flatMap(({ keys = [], macKeys = [] }) => [...keys, ...macKeys]);
  expect(keys.filter((key) => !proper.test(key))).toEqual([]);
});

test("every command has an id and a title of its own", () => {
  expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
  expect(new Set(all.map(({ title }) => title)).size).toBe(all.length);
});
