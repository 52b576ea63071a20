import { expect, test } from "vitest";
import type { RoomContext } from "../feature";
import { ROOT, Tree, type TreeNode } from "../room/tree";
import { partsOf, summary, takenPaths } from "./adding";
import { chosen, type Incoming, MOST_FILES } from "./gather";
import { contentOf, zipAt } from "./server";
import { namesIn, zipOf } from "./zip";

const file = (path: string, text = "x"): Incoming => ({ path, file: new Blob([text]) });

function picked(path: string, text = "x"): File {
  const made = new File([text], path.replace(/^.*\//, ""));
  Object.defineProperty(made, "webkitRelativePath", { value: path.includes("/") ? path : "" });
  return made;
}

test("a zip has the names, the bytes and the checksums of its files", async () => {
  const files = [file("ä/🦦.txt", "123456789"), { path: "empty", file: null }, file("b.bin", "")];
  const { blob, unread } = await zipOf(files);
  expect(unread).toEqual([]);
  expect(await namesIn(blob)).toEqual(["ä/🦦.txt", "empty/", "b.bin"]);
  const bytes = new DataView(await blob.arrayBuffer());
  expect(bytes.getUint32(14, true)).toBe(0xcbf43926); // the check value of this checksum
  expect(bytes.getUint32(18, true)).toBe(9);
});

test("a file that cannot be read is told of, and the others are in the zip", async () => {
  const gone = new Blob(["x"]);
  gone.stream = () => {
    throw new DOMException("gone", "NotFoundError");
  };
  const { blob, unread } = await zipOf([{ path: "gone.py", file: gone }, file("a.py")]);
  expect(unread).toEqual(["gone.py"]);
  expect(await namesIn(blob)).toEqual(["a.py"]);
});

test.each(["", "no zip", "PK\u0005\u0006 and no more of it"])(
  "in %j no names are found",
  async (text) => {
    expect(await namesIn(new Blob([text]))).toEqual([]);
  },
);

test("what programs make is left out of a folder, and said once", () => {
  const found = chosen(
    ["p/a.py", "p/.git/HEAD", "p/.git/config", "p/web/node_modules/x/y.js"].map((p) => picked(p)),
  );
  expect(found.files.map(({ path }) => path)).toEqual(["p/a.py"]);
  expect(found.remarks.map(({ path }) => path)).toEqual(["p/.git/", "p/web/node_modules/"]);
});

test("of far too many files none is taken", () => {
  const found = chosen(Array.from({ length: MOST_FILES + 1 }, (_, n) => picked(`p/${n}.py`)));
  expect(found.files).toEqual([]);
  expect(found.remarks).toEqual([
    { path: "p/", words: "It holds more than 10,000 files.", kept: false },
  ]);
});

test("parts are bounded in files, and names that are one to some desktop stay together", () => {
  const files = Array.from({ length: 1001 }, (_, n) => file(`${String(n).padStart(4, "0")}.py`));
  const parts = partsOf([...files, file("0499.PY")]);
  expect(parts.map(({ length }) => length)).toEqual([501, 500, 1]);
  expect(parts[0]?.slice(-2).map(({ path }) => path)).toEqual(["0499.py", "0499.PY"]);
  expect(parts.flat()).toHaveLength(1002);
});

test("parts are bounded in bytes", () => {
  const large = (path: string) => ({ path, file: { size: 5 * 1024 * 1024 } as Blob });
  expect(partsOf(["a", "b", "c"].map(large)).map(({ length }) => length)).toEqual([2, 1]);
});

test("a path is taken by a file of that name in any case, but not by a folder", () => {
  const at = (id: string, parent: string, name: string, kind: "file" | "folder"): TreeNode =>
    ({ id, parent, name, kind, removed: false, chosen: null }) as TreeNode;
  const tree = new Tree([
    at("s", ROOT, "src", "folder"),
    at("a", "s", "App.py", "file"),
    at("m", ROOT, "main.py", "file"),
  ]);
  const session = { tree: { value: tree, peek: () => tree }, files: { value: [] } };
  const room = { session } as unknown as RoomContext;
  const paths = ["src", "src/", "src\\app.py", "./MAIN.py", "main.py/x", "other.py"];
  expect(takenPaths(room, ROOT, paths)).toEqual(["src\\app.py", "./MAIN.py"]);
  expect(takenPaths(room, "s", ["app.py", "main.py"])).toEqual(["app.py"]);
});

test("a summary says what became of every file", () => {
  const none = { added: 0, replaced: 0, unchanged: 0, remarks: [], more: 0 };
  const remark = (kept: boolean) => ({ path: "x", words: "y", kept });
  expect(summary(none)).toBe("There was nothing to add.");
  expect(summary({ ...none, added: 1, replaced: 1200 })).toBe(
    "1 file was added; 1,200 files were replaced.",
  );
  expect(summary({ ...none, unchanged: 2, remarks: [remark(true), remark(false)], more: 1 })).toBe(
    "2 files were there already, just the same; 2 files were left out.",
  );
});

test("addresses keep what is in a path", () => {
  expect(contentOf("r", "a b/ü#?.txt")).toBe("/rooms/r/files/a%20b/%C3%BC%23%3F.txt");
  expect(zipAt("r", "")).toBe("/rooms/r/export.zip");
  expect(zipAt("r", "a b/c")).toBe("/rooms/r/export.zip?folder=a+b%2Fc");
});
