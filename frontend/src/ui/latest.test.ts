import { beforeEach, expect, test } from "vitest";
import { latest } from "./latest";

let read: ReturnType<typeof latest>;
let taken: string[];
let answers: { resolve(answer: string): void; reject(error: Error): void }[];

beforeEach(() => {
  [read, taken, answers] = [latest(), [], []];
});

function ask(): Promise<void> {
  const answer = new Promise<string>((resolve, reject) => answers.push({ resolve, reject }));
  return read(answer, (one) => taken.push(one));
}

test("an answer that comes after one that was asked for later is not taken", async () => {
  const [first, second] = [ask(), ask()];
  answers[1]?.resolve("newer");
  await second;
  answers[0]?.resolve("older");
  await first;
  expect(taken).toEqual(["newer"]);
});

test("whoever asked finds an answer there, although the thing is being asked for again", async () => {
  const [first, second] = [ask(), ask()];
  answers[0]?.resolve("older");
  await first;
  expect(taken).toEqual(["older"]);
  answers[1]?.resolve("newer");
  await second;
  expect(taken).toEqual(["older", "newer"]);
});

test("a later question without an answer costs nothing of the earlier one's", async () => {
  const [first, second] = [ask(), ask()];
  answers[1]?.reject(new Error("the link is down"));
  await expect(second).rejects.toThrow("the link is down");
  answers[0]?.resolve("older");
  await first;
  expect(taken).toEqual(["older"]);
});
