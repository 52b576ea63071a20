/** Tests the laws of the docstrings on random edits of random texts. */
import { describe, expect, test } from "vitest";
import { Random } from "../testing/random";
import { Batch, type Component, codePoints, composeAll, diff, Operation, transform } from ".";

const CASES = 2000;

/** A random edit of any text of `length` code points. */
function anEdit(random: Random, length: number): Operation {
  const components: Component[] = [];
  for (let left = length; left > 0; ) {
    const n = 1 + random.below(left);
    const kind = random.below(3);
    components.push(kind === 0 ? n : kind === 1 ? -n : random.text(3));
    if (kind < 2) left -= n;
  }
  return new Operation([...components, random.text(2)]);
}

/** An edit that replaces text at one place, often where the last edit was. */
function aPatch(random: Random, length: number): Operation {
  const at = random.chance(50) ? length : random.below(length + 1);
  const deleted = random.chance(60) ? 0 : random.below(Math.min(length - at, 9) + 1);
  return new Operation([at, random.text(3), -deleted, length - at - deleted]);
}

function law(sentence: string, holds: (random: Random, text: string) => void): void {
  test(sentence, () => {
    for (let seed = 0; seed < CASES; seed++) {
      const random = new Random(seed);
      holds(random, random.text(8));
    }
  });
}

describe("laws", () => {
  law("two edits carried past one another give one text", (random, text) => {
    const [a, b] = [anEdit(random, codePoints(text)), anEdit(random, codePoints(text))];
    const [after, rebased] = transform(a, b);
    expect(rebased.apply(a.apply(text))).toBe(after.apply(b.apply(text)));
  });

  law("a composition does what its parts do", (random, text) => {
    const a = anEdit(random, codePoints(text));
    const b = anEdit(random, a.targetLength);
    expect(a.compose(b).apply(text)).toBe(b.apply(a.apply(text)));
    expect(a.composePending(b).apply(text)).toBe(b.apply(a.apply(text)));
  });

  law("a newcomer is carried over composed history as over its parts", (random, text) => {
    const parts = [anEdit(random, codePoints(text))];
    for (let n = random.below(5); n > 0; n--) {
      parts.push(anEdit(random, parts[parts.length - 1]?.targetLength ?? 0));
    }
    const newcomer = anEdit(random, codePoints(text));
    const oneByOne = parts.reduce((carried, part) => transform(part, carried)[1], newcomer);
    expect(transform(composeAll(parts), newcomer)[1]).toEqual(oneByOne);
  });

  law("history is carried over a composed buffer as over its parts", (random, text) => {
    const a = anEdit(random, codePoints(text));
    const b = anEdit(random, a.targetLength);
    const history = anEdit(random, codePoints(text));
    const overParts = transform(transform(history, a)[0], b)[0];
    expect(transform(history, a.composePending(b))[0]).toEqual(overParts);
  });

  for (const pending of [false, true]) {
    law(`a batch is its edits composed one by one, pending: ${pending}`, (random, text) => {
      const length = codePoints(text);
      const batch = new Batch(length, { pending });
      let whole = new Operation([length]);
      for (let n = random.below(random.chance(2) ? 200 : 10); n > 0; n--) {
        const edit = random.chance(80)
          ? aPatch(random, batch.length)
          : anEdit(random, batch.length);
        batch.add(edit);
        whole = pending ? whole.composePending(edit) : whole.compose(edit);
        // These hold in the middle of a batch too, after any earlier questions.
        if (random.chance(30)) expect(batch.isNoop()).toBe(whole.isNoop());
        if (random.chance(10)) expect(batch.operation()).toEqual(whole);
      }
      expect(batch.length).toBe(whole.targetLength);
      expect(batch.isNoop()).toBe(whole.isNoop());
      expect(batch.operation()).toEqual(whole);
    });
  }

  law("edits that a batch takes back one by one leave nothing", (random, text) => {
    const batch = new Batch(codePoints(text), { pending: true });
    const undo: Operation[] = [];
    let now = text;
    for (let n = random.below(random.chance(2) ? 80 : 8); n > 0; n--) {
      const at = random.below(batch.length + 1);
      const insertion = new Operation([at, `${random.text(3)}!`, batch.length - at]);
      undo.push(insertion.invert(now));
      now = insertion.apply(now);
      batch.add(insertion);
    }
    for (let taken = undo.pop(); taken; taken = undo.pop()) {
      if (batch.isNoop()) throw new Error("what was inserted is still there");
      batch.add(taken);
    }
    expect(batch.isNoop()).toBe(true);
  });

  law("the end of an edit, and then its rest, are the edit", (random, text) => {
    const whole = anEdit(random, codePoints(text));
    const [end, rest] = whole.splitEnd(4, 10_000);
    expect(end.components.length).toBeLessThanOrEqual(4);
    expect(end.isNoop()).toBe(whole.isNoop());
    expect(end.composePending(rest)).toEqual(whole);
    expect(end.compose(rest)).toEqual(whole);
  });

  law("pieces of so many bytes, one after the other, are the edit", (random, text) => {
    const long = anEdit(random, codePoints(text)).components.map((component) =>
      typeof component === "string" ? component.repeat(random.below(40) + 1) : component,
    );
    const whole = new Operation(long);
    const pieces: Operation[] = [];
    let rest = whole;
    while (!rest.isWithin(6, 120)) {
      const [end, others] = rest.splitEnd(6, 120);
      expect(end.isNoop()).toBe(false);
      expect(JSON.stringify(end.encode()).length).toBeLessThanOrEqual(120);
      pieces.push(end);
      rest = others;
    }
    const joined = [...pieces, rest].reduce((all, piece) => all.composePending(piece));
    expect(joined).toEqual(whole);
  });

  law("an inverse takes its edit back", (random, text) => {
    const a = anEdit(random, codePoints(text));
    expect(a.invert(text).apply(a.apply(text))).toBe(text);
  });

  law("the difference of two texts makes the one into the other", (random, text) => {
    const after = random.chance(50) ? random.text(8) : anEdit(random, codePoints(text)).apply(text);
    expect(diff(text, after).apply(text)).toBe(after);
  });

  law("an edit comes back from the wire as it was", (random, text) => {
    const a = anEdit(random, codePoints(text));
    expect(Operation.decode(JSON.parse(JSON.stringify(a.encode())))).toEqual(a);
  });

  law(
    "a position stays inside the text, and bias left never goes right of bias right",
    (random, text) => {
      const a = anEdit(random, codePoints(text));
      for (let position = 0; position <= a.baseLength; position++) {
        expect(a.map(position, "left")).toBeLessThanOrEqual(a.map(position, "right"));
        expect(a.map(position, "right")).toBeLessThanOrEqual(a.targetLength);
      }
    },
  );
});

test("what one person types forward is never split by another typing at the same place", () => {
  for (let seed = 0; seed < 200; seed++) {
    const random = new Random(seed);
    // Each person goes on typing, with or without having seen the other's last edit.
    let text = "";
    const log: Operation[] = [];
    const typists = ["a", "b"].map((letter) => ({ letter, caret: 0, revision: 0, left: 6 }));
    while (typists.some(({ left }) => left > 0)) {
      const typist = random.pick(typists.filter(({ left }) => left > 0));
      if (random.chance(50)) {
        for (const entry of log.slice(typist.revision)) typist.caret = entry.map(typist.caret);
        typist.revision = log.length;
      }
      const base = log[typist.revision - 1]?.targetLength ?? 0;
      let edit = new Operation([typist.caret, typist.letter, base - typist.caret]);
      for (const entry of log.slice(typist.revision)) edit = transform(entry, edit)[1];
      text = edit.apply(text);
      log.push(edit);
      const at = edit.components[0];
      typist.caret = (typeof at === "number" ? at : 0) + 1;
      typist.revision = log.length;
      typist.left--;
    }
    expect(text, `seed ${seed}`).toMatch(/^(a{6}b{6}|b{6}a{6})$/);
  }
});
