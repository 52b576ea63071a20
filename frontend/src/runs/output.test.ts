import { expect, test } from "vitest";
import type { Part } from "./messages";
import { Output } from "./output";

const chunk = (text: string): Part[] => [[1, text]];
const text = (output: Output) => [...output.parts()].map(([, text]) => text).join("");

function outputOf(...answers: (Part[][] | Error)[]) {
  let asked = 0;
  const output = new Output(7, async () => {
    const answer = answers[asked++];
    if (!answer || answer instanceof Error) throw answer ?? new Error("nobody asks so often");
    return answer;
  });
  return { output, asked: () => asked };
}

test("chunks come in order, and one that comes twice counts once", async () => {
  const { output, asked } = outputOf();
  output.add(1, chunk("a"));
  output.add(1, chunk("a"));
  output.add(2, chunk("b"));
  expect(text(output)).toBe("ab");
  expect(asked()).toBe(0);
});

test("a gap is read, once for all chunks that come meanwhile", async () => {
  const { output, asked } = outputOf([chunk("a"), chunk("b"), chunk("c")]);
  output.add(3, chunk("c"));
  output.add(4, chunk("d"));
  expect(output.reading.value).toBe("reading");
  await output.settled();
  expect(text(output)).toBe("abcd");
  expect([output.count.value, output.reading.value, asked()]).toEqual([4, "complete", 1]);
});

test("a chunk that is newer than the answer on its way is read after it", async () => {
  const { output, asked } = outputOf([chunk("a")], [chunk("a"), chunk("b"), chunk("c")]);
  const reading = output.fetch();
  output.add(3, chunk("c"));
  expect(text(output)).toBe("");
  await reading;
  expect([text(output), output.reading.value, asked()]).toEqual(["abc", "complete", 2]);
});

test("what the server does not answer is told, and can be asked again", async () => {
  const { output } = outputOf(new Error("no network"), [chunk("a")]);
  await output.fetch();
  expect(output.reading.value).toBe("failed");
  await output.fetch();
  expect([text(output), output.reading.value]).toEqual(["a", "complete"]);
});

test("an output that is not kept is told", async () => {
  const { output } = outputOf(Object.assign(new Error("gone"), { status: 410 }));
  await output.fetch();
  expect(output.reading.value).toBe("dropped");
});

test("what is cleared is left out, and what comes after it is not", () => {
  const { output } = outputOf();
  output.add(1, chunk("a"));
  output.clear();
  output.add(2, chunk("b"));
  expect(output.chunks.slice(output.cleared.value)).toEqual([chunk("b")]);
});
