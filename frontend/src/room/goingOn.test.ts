/** A client continues the work of an earlier page. */
import { expect, test } from "vitest";
import { OperationError } from "../ot";
import {
  bob,
  edit,
  goOn,
  hear,
  kept,
  log,
  room,
  sent,
  settle,
  submit,
  waiting,
} from "../testing/client";
import { FILE } from "../testing/committedLog";
import type { Work } from ".";

test("another page goes on with what was in flight and what waited, past what others did", () => {
  edit(3, "d");
  room.next();
  edit(4, "e");
  const work = kept();
  bob("!", 3);
  goOn(work);
  expect(room.text(FILE)).toBe("!abcde");
  expect(room.unsaved).toBe(2);
  expect(room.inFlight()).toEqual({
    type: "submit",
    seq: 1,
    revision: 1,
    change: ["edit", FILE, [4, "d"]],
  });
  settle();
  expect(log.text).toBe("!abcde");
});

test.each([0, 1, 5])(
  "what was in the log by then is not sent again, with %i others before",
  (before) => {
    edit(3, "d");
    const arrive = submit();
    edit(4, "e");
    room.submit({ kind: "language", file: FILE, language: "typescript" });
    const work = kept();
    for (let n = 0; n < before; n++) bob("!", 3 + n);
    arrive();
    bob(log.text.length, "?");
    goOn(work);
    expect(room.inFlight()).toBeNull();
    expect(room.unsaved).toBe(2);
    settle();
    expect(log.text).toBe(`${"!".repeat(before)}abcd?e`.replace("?e", "e?"));
    expect(room.infos[0]?.language).toBe("typescript");
  },
);

test("work is as it stands on the revision that is known", () => {
  edit(3, "d");
  room.next();
  bob("!", 3);
  hear();
  expect(kept()).toEqual({
    revision: 1,
    seq: 1,
    inFlight: { change: ["edit", FILE, [4, "d"]], count: 1, seq: 1 },
    waiting: [],
  });
});

test("who goes on leaves out one number, which the page before may have sent", () => {
  edit(3, "d");
  const arrive = submit();
  const work = kept();
  arrive();
  goOn(work);
  edit(4, "e");
  expect(room.next()).toMatchObject({ seq: 3 });
});

test("there is nothing to keep once all is saved, and nothing new after forgetting", () => {
  expect(room.work()).toBeNull();
  edit(3, "d");
  settle();
  expect(room.work()).toBeNull();
  edit(4, "e");
  room.forget();
  expect(room.work()).toBeUndefined();
});

test.each<[string, (work: Work) => void]>([
  ["when something was sent that it does not name", () => log.submit("ann", sent(1))],
  ["when it does not fit the text", (work) => work.waiting.push(waiting(FILE))],
  ["when it is of no text", (work) => work.waiting.push(waiting("nofile"))],
])("work is not gone on with %s", (_, spoil) => {
  edit(3, "d");
  const work = kept();
  spoil(work);
  expect(() => goOn(work)).toThrow(OperationError);
});

test("work is not gone on with where the log has another change under its number", () => {
  edit(3, "d");
  room.next();
  const work = kept();
  log.submit("ann", sent(1));
  expect(() => goOn(work)).toThrow("another edit");
});
