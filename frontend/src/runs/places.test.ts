import { describe, expect, test } from "vitest";
import { marksIn, pathInRoom, placesIn } from "./places";

const FILES = ["main.py", "lib/util.py", "syn.py", "c.js", "s.js", "lib/b.mjs"];
const has = (path: string) => FILES.includes(path);
const marks = (text: string) =>
  marksIn(text, has).map(({ path, line, message, inner }) => [`${path}:${line}`, message, inner]);

test.each([
  ['  File "/room/lib/util.py", line 2, in boom', ['File "/room/lib/util.py", line 2']],
  ["    at f (file:///room/lib/b.mjs:2:8)", ["file:///room/lib/b.mjs:2:8"]],
  ["main.py:12: AssertionError, see lib/util.py:3", ["main.py:12", "lib/util.py:3"]],
  ["at 10:30 it was 3:4", []],
  ["main.py:0", []],
  [".py:3 and a/.hidden:4", ["a/.hidden:4"]],
  ["main.py:1:2:3 x.py:7.py:8", ["main.py:1:2", "x.py:7"]],
  [`${" ".repeat(3000)}main.py:1`, []],
])("the places of %j", (line, expected) => {
  expect(placesIn(line).map(({ from, to }) => line.slice(from, to))).toEqual(expected);
});

test("a place has the line and the column that the program wrote", () => {
  expect(placesIn("x /room/c.js:2:9")).toMatchObject([{ path: "/room/c.js", line: 2, column: 9 }]);
});

test.each([
  ["/room/main.py", "main.py"],
  ["/var/slots/3/room/lib/util.py", "lib/util.py"],
  ["./main.py", "main.py"],
  ["lib/util.py", "lib/util.py"],
  ["/usr/lib/python3/main.py", null],
  ["other.py", null],
  ["/room/../main.py", null],
])("%s is %s in the room", (path, expected) => {
  expect(pathInRoom(path, has)).toBe(expected);
});

describe("tracebacks", () => {
  test("of Python mark where it was raised, and the lines that led there", () => {
    const text = `Traceback (most recent call last):
  File "/room/main.py", line 3, in <module>
    lib.util.boom(0)
  File "/room/lib/util.py", line 2, in boom
    return json.loads(x)
           ~~^~~
  File "/usr/lib/python3.11/json/__init__.py", line 346, in loads
    return x
ZeroDivisionError: division by zero
`;
    expect(marks(text)).toEqual([
      ["lib/util.py:2", "ZeroDivisionError: division by zero", true],
      ["main.py:3", "ZeroDivisionError: division by zero", false],
    ]);
  });

  test("of Python without a head, and with a name in a module", () => {
    const text = `  File "/room/syn.py", line 1
    x = (1
        ^
SyntaxError: '(' was never closed
  File "/room/main.py", line 9, in <module>
lib.util.Odd
`;
    expect(marks(text)).toEqual([
      ["syn.py:1", "SyntaxError: '(' was never closed", true],
      ["main.py:9", "lib.util.Odd", true],
    ]);
  });

  test("that follow one another mark a line once, as the one where an error was raised", () => {
    const text = `Traceback (most recent call last):
  File "/room/main.py", line 2, in f
    1 / 0
ZeroDivisionError: division by zero

During handling of the above exception, another exception occurred:

Traceback (most recent call last):
  File "/room/main.py", line 2, in <module>
    f()
  File "/room/main.py", line 4, in f
    raise KeyError("x")
KeyError: 'x'
`;
    expect(marks(text)).toEqual([
      ["main.py:2", "ZeroDivisionError: division by zero", true],
      ["main.py:4", "KeyError: 'x'", true],
    ]);
  });

  test("of a program that was stopped mark nothing", () => {
    const text = '  File "/room/main.py", line 2, in <module>\n    x()\nKeyboardInterrupt\n';
    expect(marks(text)).toEqual([]);
  });

  test("of Node", () => {
    const text = `/room/c.js:2
  throw new Error('no')
  ^

Error: no
    at g (/room/c.js:2:9)
    at Object.<anonymous> (/room/c.js:4:1)
    at Module._compile (node:internal/modules/cjs/loader:1872:14)

Node.js v24.19.0
`;
    expect(marks(text)).toEqual([
      ["c.js:2", "Error: no", true],
      ["c.js:4", "Error: no", false],
    ]);
  });

  test("of Node, for a file that it cannot read", () => {
    const text = `/room/s.js:1
let x = ;
        ^

SyntaxError: Unexpected token ';'
    at wrapSafe (node:internal/modules/cjs/loader:1804:18)

Node.js v24.19.0
`;
    const found = marks(text);
    expect(found).toEqual([["s.js:1", "SyntaxError: Unexpected token ';'", true]]);
  });

  test("of Node in a module", () => {
    const text = `file:///room/lib/b.mjs:2
  null.x
       ^

TypeError: Cannot read properties of null (reading 'x')
    at f (file:///room/lib/b.mjs:2:8)
`;
    const words = "TypeError: Cannot read properties of null (reading 'x')";
    expect(marks(text)).toEqual([["lib/b.mjs:2", words, true]]);
  });

  test("lines of other words are no errors", () => {
    expect(marks("hello\nError\nmain.py:3\n  at lunch\n")).toEqual([]);
  });
});
