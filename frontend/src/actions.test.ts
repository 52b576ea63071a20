import { signal } from "@preact/signals";
import { expect, test } from "vitest";
import { type Action, actionFor, actions, isEnabled, perform, register } from "./actions";

const some = (id: string, more: Partial<Action> = {}): Action => ({
  id,
  title: id,
  section: "Edit",
  run() {},
  ...more,
});

test("actions are there from their registration until it is taken back, in the order of sections", () => {
  const away = register([some("help", { section: "Help" }), some("edit")]);
  const other = register([some("room", { section: "Room" })]);
  expect(actions.value.map(({ id }) => id)).toEqual(["edit", "room", "help"]);

  away();
  expect(actions.value.map(({ id }) => id)).toEqual(["room"]);
  other();
  expect(actions.value).toEqual([]);
});

test("a plain character is text wherever one types; a global key works there too", () => {
  const away = register([
    some("sheet", { keys: ["F1", "?"], global: true }),
    some("palette", { keys: ["Mod-k"], global: true }),
  ]);
  expect(actionFor("?", false)?.id).toBe("sheet");
  expect(actionFor("?", true)).toBeUndefined();
  expect(actionFor("F1", true)?.id).toBe("sheet");
  expect(actionFor("Mod-k", true)?.id).toBe("palette");
  away();
});

test("a Mac has keys of its own where an action names some", () => {
  const away = register([some("redo", { keys: ["Mod-y"], macKeys: ["Mod-Shift-z"] })]);
  expect(actionFor("Mod-y", false, false)?.id).toBe("redo");
  expect(actionFor("Mod-y", false, true)).toBeUndefined();
  expect(actionFor("Mod-Shift-z", false, true)?.id).toBe("redo");
  away();
});

test("what cannot be done now is not done", () => {
  const able = signal(false);
  const done: string[] = [];
  const retry = some("retry", { enabled: () => able.value, run: () => done.push("retry") });
  const away = register([retry]);

  perform("retry");
  expect([isEnabled(retry), done]).toEqual([false, []]);
  able.value = true;
  perform("retry");
  expect([isEnabled(retry), done]).toEqual([true, ["retry"]]);
  away();
});
