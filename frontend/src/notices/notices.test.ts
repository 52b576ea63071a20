import { expect, test } from "vitest";
import { Notices } from "./notices";

const texts = (notices: Notices) => notices.all.peek().map(({ text }) => text);

test("the same words are shown once, where they stand, and it is known that they were said again", () => {
  const notices = new Notices();
  notices.add("info", "one");
  notices.add("info", "two");
  const [one] = notices.all.peek();
  notices.add("info", "one");
  expect(texts(notices)).toEqual(["one", "two"]);
  expect(notices.all.peek()[0]).toEqual({ ...one, times: 2 });
});

test("what one person does again and again is one notice, with the last of it", () => {
  const notices = new Notices();
  notices.add("info", "Ann changed the language to Python", { about: "ann language" });
  notices.add("info", "Bo changed the language to Python", { about: "bo language" });
  notices.add("info", "Ann changed the language to JavaScript", { about: "ann language" });
  expect(texts(notices)).toEqual([
    "Ann changed the language to JavaScript",
    "Bo changed the language to Python",
  ]);
});

test("what was dismissed is said anew, and told of once", () => {
  const notices = new Notices();
  let gone = 0;
  notices.add("danger", "lost", { gone: () => gone++, about: "x" });
  const [shown] = notices.all.peek();
  notices.dismiss(shown?.id ?? 0);
  notices.dismiss(shown?.id ?? 0);
  notices.add("danger", "lost again", { about: "x" });
  expect(gone).toBe(1);
  expect(notices.all.peek()[0]?.times).toBe(1);
});
