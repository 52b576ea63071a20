import { parseAst } from "vite";
import { expect, test } from "vitest";
import { cut, type Node } from "./halves";

test("what a wanted export needs is in the first half, and the second borrows it", () => {
  const [first, rest] = halvesOf(`
    import { state } from "elsewhere";
    const shared = () => state;
    function wanted() { return shared(); }
    function other() { return shared() + own; }
    const own = 1;
    export { wanted, other as another };
  `);
  expect(first).toContain("function wanted");
  expect(first).toContain("const shared");
  expect(first).not.toContain("own");
  expect(rest).toContain('import { $shared as shared } from "it?first"');
  expect(rest).toContain("function other");
  expect(rest).toContain("other as another");
  expect(rest).not.toContain("function wanted");
});

test("what sets a variable stays in its module", () => {
  const [first, rest] = halvesOf(`
    let count = 0;
    function wanted() { return count; }
    function grow() { count++; }
    function reset() { [count] = [0]; }
    function apart() { let count = 1; count = 2; return count; }
    export { wanted, grow, reset, apart };
  `);
  expect(first).toContain("function grow");
  expect(first).toContain("function reset");
  expect(rest).toContain("function apart");
});

test.each([
  ["a parameter", "function wanted(name) { return name; }"],
  ["a pattern", "function wanted(it) { const { a: [name = 1] } = it; return name; }"],
  ["a loop's", "function wanted(all) { for (const name of all) name(); }"],
  ["an error's", "function wanted() { try {} catch (name) { throw name; } }"],
  ["a member", "function wanted(it) { return it.name; }"],
  ["a key", "function wanted(it) { return { name: it }; }"],
])("%s name is not that of the module", (_, code) => {
  const [first] = halvesOf(`const name = 1; ${code} export { wanted, name };`);
  expect(first).not.toContain("const name = 1");
});

test.each([
  ["a default of its own", "function wanted(it = name) { return it; }"],
  ["another block", "function wanted() { { const name = 2; name(); } return name; }"],
  ["short for a property", "function wanted() { return { name }; }"],
  ["a computed key", "function wanted(it) { return it[name]; }"],
  ["done to what is wanted", "const wanted = {}; wanted.it = name;"],
])("a name is needed as %s", (_, code) => {
  const [first] = halvesOf(`const name = 1; ${code} export { wanted, name };`);
  expect(first).toContain("const name = 1");
});

test("a module must have what is wanted of it", () => {
  expect(() => halvesOf("const other = 1; export { other };")).toThrow("does not export wanted");
});

function halvesOf(code: string) {
  const { body } = parseAst(code) as unknown as { body: Node[] };
  return cut(body, code, new Set(["wanted"]), "it");
}
