import { expect, test } from "vitest";
import { latest } from "./latest";

test("of answers that come in another order, the one that was asked for last is taken", async () => {
  const read = latest();
  const taken: string[] = [];
  const answers: ((answer: string) => void)[] = [];
  const ask = () =>
    read(new Promise<string>((resolve) => answers.push(resolve)), (one) => taken.push(one));
  const [first, second] = [ask(), ask()];
  answers[1]?.("newer");
  await second;
  answers[0]?.("older");
  await first;
  expect(taken).toEqual(["newer"]);
});
