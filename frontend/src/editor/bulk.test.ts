import { history, redo, undo } from "@codemirror/commands";
import { EditorState, type StateCommand, type Transaction } from "@codemirror/state";
import { expect, test } from "vitest";
import { Operation } from "../ot";
import { Random } from "../testing/random";
import { inBulk } from "./bulk";
import { caretOf, moveCaret, remoteCarets } from "./carets";
import { collab, operationOf, remoteEdit } from "./collab";
import { countOf } from "./eachChange";

/**
 * An editor that dispatches as `Document` does. It records its changes, and the most changes that
 * CodeMirror got in one transaction.
 */
class Editor {
  state: EditorState;
  operations: Operation[] = [];
  most = 0;

  constructor(doc: string) {
    const extensions = [
      collab(() => {}),
      history(),
      remoteCarets(() => ({ name: "Bo", colour: 1 })),
    ];
    this.state = EditorState.create({ doc, extensions });
  }

  dispatch(transaction: Transaction): void {
    for (const one of inBulk([transaction])) {
      this.state = one.state;
      this.most = Math.max(this.most, countOf(one.changes));
      this.operations.push(operationOf(one));
    }
  }

  run(command: StateCommand): void {
    command({ state: this.state, dispatch: (transaction) => this.dispatch(transaction) });
  }

  get text(): string {
    return this.state.doc.toString();
  }
}

const lines = (count: number) => Array.from({ length: count }, (_, n) => `line 🪐 ${n}`).join("\n");

/** Change about every second line of a text, and return the changes and the new text. */
function changed(random: Random, text: string) {
  const changes: { from: number; to: number; insert: string }[] = [];
  let at = 0;
  for (const line of text.split("\n")) {
    const insert = random.pick(["", "x", "🪐\n", "a\nb"]);
    const to = at + random.pick([0, 4]);
    if (random.below(3) > 0 && (insert || to > at)) changes.push({ from: at, to, insert });
    at += line.length + 1;
  }
  return changes;
}

test.each(Array.from({ length: 30 }, (_, seed) => seed))(
  "many changes lead to the text, and are sent as what they are; undo and redo likewise (seed %i)",
  (seed) => {
    const random = new Random(seed);
    const before = lines(2000);
    const it = new Editor(before);
    const changes = changed(random, before);
    const plain = EditorState.create({ doc: before }).update({ changes }).state.doc.toString();
    it.dispatch(it.state.update({ changes }));
    expect(it.text).toBe(plain);
    it.run(undo);
    expect(it.text).toBe(before);
    it.run(redo);
    expect(it.text).toBe(plain);
    expect(it.most).toBeLessThanOrEqual(400);
    const [first, second, third] = it.operations as [Operation, Operation, Operation];
    expect(first.apply(before)).toBe(plain);
    expect(second.apply(plain)).toBe(before);
    expect(third.apply(before)).toBe(plain);
    for (const { components } of it.operations) expect(components.length).toBeGreaterThan(1200);
  },
);

test("carets stay at their letter when there are many changes, and when they are taken back", () => {
  const it = new Editor(lines(3000));
  const at = it.text.indexOf("1500");
  const changes = Array.from({ length: 3000 }, (_, n) => ({
    from: it.state.doc.line(n + 1).from,
    insert: "  ",
  }));
  const effects = moveCaret.of({ client: "bo", selections: [[at - 1500, at - 1500]] });
  it.dispatch(it.state.update({ effects, selection: { anchor: at + 2 } }));
  const peer = () => it.text.slice(caretOf(it.state, "bo") as number).slice(0, 4);
  const there = peer();
  it.dispatch(it.state.update({ changes }));
  expect(it.text.slice(it.state.selection.main.head).slice(0, 2)).toBe("00");
  expect(peer()).toBe(there);
  it.run(undo);
  expect(it.text.slice(it.state.selection.main.head).slice(0, 2)).toBe("00");
  expect(peer()).toBe(there);
});

test("undo leaves in its place what another has typed among many changes", () => {
  const it = new Editor(lines(3000));
  const indents = Array.from({ length: 3000 }, (_, n) => ({
    from: it.state.doc.line(n + 1).from,
    insert: "  ",
  }));
  it.dispatch(it.state.update({ changes: indents }));
  const at = [...it.text.slice(0, it.text.indexOf("1500"))].length;
  const typed = new Operation([at, "REMOTE", [...it.text].length - at]);
  it.dispatch(it.state.update(remoteEdit(it.state, typed)));
  it.run(undo);
  expect(it.text).toBe(lines(3000).replace("1500", "REMOTE1500"));
});

test("what is typed after many changes is taken back before them", () => {
  const before = lines(3000);
  const it = new Editor(before);
  const changes = Array.from({ length: 3000 }, (_, n) => ({
    from: it.state.doc.line(n + 1).from,
    insert: "x",
  }));
  it.dispatch(it.state.update({ changes, userEvent: "input.type" }));
  const between = it.text;
  it.dispatch(it.state.update({ changes: { from: 1, insert: "y" }, userEvent: "input.type" }));
  it.run(undo);
  expect(it.text).toBe(between);
  it.run(undo);
  expect(it.text).toBe(before);
});
