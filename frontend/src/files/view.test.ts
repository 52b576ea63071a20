import { describe, expect, test } from "vitest";
import { Tree, type TreeNode } from "../room/tree";
import { inView } from "../ui/virtualRows";
import { inOrder, removedIn } from "./removed";
import { rowsOf, typedAhead } from "./rows";
import { TreeView } from "./view";

/**
 * Make a tree from "src/ src/main.py README.md ~old.py". A slash at the end marks a folder, and "~"
 * before a path a removed node.
 */
function treeOf(paths: string): TreeView {
  const nodes = paths.split(" ").map((written): TreeNode => {
    const removed = written.startsWith("~");
    const path = written.replace(/^~|\/$/g, "");
    const [name = "", ...folders] = path.split("/").reverse();
    const placed = { id: path, parent: folders.reverse().join("/"), name, removed };
    return written.endsWith("/")
      ? { ...placed, kind: "folder" }
      : { ...placed, kind: "file", chosen: null };
  });
  return new TreeView(new Tree(nodes));
}

/** Draw the rows as indented lines, with "+" before closed folders and "-" before open ones. */
function drawn(tree: TreeView, open: string[] = [], filter = ""): string[] {
  return rowsOf(tree, new Set(open), filter).map(
    ({ node, level, open }) =>
      "  ".repeat(level - 1) + (open === null ? "" : open ? "-" : "+") + node.name,
  );
}

const TREE = treeOf(
  "zoo/ src/ src/lib/ src/lib/a10.py src/lib/a9.py src/main.py B.md a.md ~old.py ~gone/ gone/in.py",
);

describe("a tree", () => {
  test("has folders first, and names in the order in which people count", () => {
    expect(drawn(TREE, ["src", "src/lib"])).toEqual([
      "-src",
      "  -lib",
      "    a9.py",
      "    a10.py",
      "  main.py",
      "+zoo",
      "a.md",
      "B.md",
    ]);
  });

  test("shows nothing of what was removed, and nothing that stood in it", () => {
    expect(inOrder(TREE, removedIn(TREE)).map(({ path }) => path)).toEqual(["gone", "old.py"]);
    expect(TREE.isHere("gone/in.py")).toBe(false);
    expect(TREE.all.map(({ id }) => id)).not.toContain("gone/in.py");
  });

  test("finds a node by its path, rather one that is here", () => {
    const two = new TreeView(
      new Tree([
        { id: "1", parent: "", name: "a.py", kind: "file", chosen: null, removed: true },
        { id: "2", parent: "", name: "a.py", kind: "file", chosen: null, removed: false },
      ]),
    );
    expect(two.at("a.py")?.id).toBe("2");
    expect(TREE.at("gone/in.py")?.id).toBe("gone/in.py");
    expect(TREE.at("none.py")).toBeUndefined();
  });

  test("knows what cannot be moved where, and which of several nodes hold the others", () => {
    expect(TREE.isWithin("src/lib", "src")).toBe(true);
    expect(TREE.isWithin("src", "src")).toBe(true);
    expect(TREE.isWithin("zoo", "src")).toBe(false);
    expect(TREE.isWithin("", "src")).toBe(false);
    expect(TREE.tops(["src/lib/a9.py", "src", "a.md"])).toEqual(["src", "a.md"]);
  });

  test("does not hang on folders that stand in one another", () => {
    const circle = new TreeView(
      new Tree([
        { id: "1", parent: "2", name: "a", kind: "folder", removed: false },
        { id: "2", parent: "1", name: "b", kind: "folder", removed: false },
      ]),
    );
    expect(circle.path("1")).toContain("a");
    expect(circle.all).toEqual([]);
  });
});

describe("a filter", () => {
  test("shows what has the words in its path, in folders that are open", () => {
    expect(drawn(TREE, [], "a9")).toEqual(["-src", "  -lib", "    a9.py"]);
    expect(drawn(TREE, [], "LIB a1")).toEqual(["-src", "  -lib", "    a10.py"]);
    expect(drawn(TREE, [], "zoo")).toEqual(["-zoo"]);
    expect(drawn(TREE, [], "nothing")).toEqual([]);
  });

  test("leaves out what is in a folder that is shut", () => {
    const lib = TREE.at("src/lib");
    const rows = rowsOf(TREE, new Set(), "a9", new Set([lib?.id ?? ""]));
    expect(rows.map(({ node, open }) => [node.name, open])).toEqual([
      ["src", true],
      ["lib", false],
    ]);
  });

  test("counts the siblings that are shown", () => {
    const rows = rowsOf(TREE, new Set(), "a1");
    expect(rows.map(({ place, siblings }) => [place, siblings])).toEqual([
      [1, 1],
      [1, 1],
      [1, 1],
    ]);
  });
});

describe("letters that are typed", () => {
  const rows = rowsOf(treeOf("apple.py banana.py blue.py cherry.py"), new Set(), "");
  test.each([
    [0, "b", 1],
    [1, "b", 2],
    [2, "b", 1],
    [1, "bb", 2],
    [1, "bl", 2],
    [1, "ba", 1],
    [3, "A", 0],
    [0, "x", -1],
  ])("from row %i, %j leads to row %i", (from, letters, to) => {
    expect(typedAhead(rows, from, letters)).toBe(to);
  });
});

test.each([
  [10_000, 0, 300, [0, 19]],
  [10_000, 2800, 300, [92, 119]],
  [10_000, 279_700, 300, [9981, 10_000]],
  [3, 0, 300, [0, 3]],
  [0, 0, 300, [0, 0]],
])(
  "of %i rows, scrolled by %i of which %i are seen, %j are drawn",
  (count, scrolled, seen, range) => {
    expect(inView(count, 28, scrolled, seen)).toEqual(range);
  },
);
