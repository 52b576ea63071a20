import { EditorView } from "@codemirror/view";
import { describe, expect, test } from "vitest";
import { astral } from "../editor/astral";
import { Document } from "../editor/document";
import { markLines } from "./lineMarks";
import { follow, offsetNow, placeIn } from "./since";

const { decorations } = EditorView;
const RAN = "import a\n\nx()\nx()\nx()\n";

/** Replace the first `from` of a document's text. */
function change(document: Document, from: string, insert: string): void {
  const at = document.text.indexOf(from);
  document.dispatch({ changes: { from: at, to: at + from.length, insert } });
}

function lineNow(document: Document, ran: string, line: number): number | null {
  const at = offsetNow(document, ran, line);
  return at && document.state.doc.lineAt(at.from).number;
}

describe("a line of a run", () => {
  test("is where it was, as long as nothing changes", () => {
    const document = new Document(RAN, astral);
    expect(lineNow(document, RAN, 4)).toBe(null);
    follow(document, 7);
    expect([1, 3, 4, 5].map((line) => lineNow(document, RAN, line))).toEqual([1, 3, 4, 5]);
  });

  test("goes with its text, also among lines that are equal to it", () => {
    const document = new Document(RAN, astral);
    follow(document, 7);
    document.dispatch({ changes: { from: 0, insert: "x()\n" } });
    document.dispatch({ changes: { from: 0, insert: "x()\n" } });
    // A comparison of the texts could not tell which of the five lines it was.
    expect(lineNow(document, RAN, 3)).toBe(5);
    change(document, "import a\n", "");
    expect(lineNow(document, RAN, 5)).toBe(6);
  });

  test("is found though the text had changed before the page heard of the run", () => {
    const document = new Document(RAN.replace("import a\n", "import a\nimport b\n"), astral);
    follow(document, 7);
    change(document, "import a\n", "import a, c\nimport d\n");
    expect(lineNow(document, RAN, 3)).toBe(5);
  });

  test("that was removed is where it would be", () => {
    const document = new Document("one\ntwo\nthree", astral);
    follow(document, 7);
    change(document, "two\n", "");
    expect(lineNow(document, "one\ntwo\nthree", 2)).toBe(2);
    expect(lineNow(document, "one\ntwo\nthree", 99)).toBe(2);
  });

  test("of another run is followed anew", () => {
    const document = new Document("one\ntwo", astral);
    follow(document, 7);
    change(document, "one\n", "zero\none\n");
    follow(document, 7);
    expect(lineNow(document, "one\ntwo", 2)).toBe(3);
    follow(document, 9);
    expect(lineNow(document, "zero\none\ntwo", 3)).toBe(3);
  });

  test("in a file that is not open is compared", () => {
    const ran = "a\nb 🦦 c\n";
    expect(placeIn(ran, ran, 2, 3)).toEqual({ line: 2, column: 3 });
    expect(placeIn(`new\n${ran}`, ran, 2, 5)).toEqual({ line: 3, column: 5 });
    expect(placeIn("", ran, 2, 5)).toEqual({ line: 1, column: 1 });
  });
});

describe("a mark", () => {
  const marksOf = (document: Document) => {
    const found: string[] = [];
    for (const set of document.state.facet(decorations)) {
      if (typeof set === "function") continue;
      set.between(0, document.state.doc.length, (from, to, { spec }) => {
        if (spec.attributes?.title) found.push(document.state.sliceDoc(from, to));
      });
    }
    return found;
  };

  test("goes with its line, and away with a change of it", () => {
    const document = new Document(RAN, astral);
    markLines(document, [{ from: 10, message: "NameError: x", inner: true }]);
    expect(marksOf(document)).toEqual(["x()"]);
    document.dispatch({ changes: { from: 0, insert: "# more\n" } });
    document.dispatch({ changes: { from: document.state.doc.length, insert: "# more\n" } });
    expect(marksOf(document)).toEqual(["x()"]);
    change(document, "x()", "y()");
    expect(marksOf(document)).toEqual([]);
  });

  test("goes away with all marks", () => {
    const document = new Document(RAN, astral);
    markLines(document, [{ from: 10, message: "NameError: x", inner: false }]);
    markLines(document, []);
    expect(marksOf(document)).toEqual([]);
  });
});
