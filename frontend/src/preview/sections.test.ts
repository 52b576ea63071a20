import { describe, expect, test } from "vitest";
import { resolved } from "./paths";
import { sectionsOf, slugOf, updateOf } from "./sections";

const html = (text: string) =>
  sectionsOf(text)
    .sections.map((section) => section.html)
    .join("");

test("a text becomes blocks that know their lines", () => {
  const { sections } = sectionsOf("# One\n\ntwo\n\n- three\n- four\n");
  expect(sections).toHaveLength(1);
  expect(sections[0]).toMatchObject({ line: 0, lines: 6 });
  const found = [...(sections[0]?.html ?? "").matchAll(/data-at="(\d+)"><(\w+)/g)];
  expect(found.map(([, at, name]) => `${at} ${name}`)).toEqual(["0 h1", "2 p", "4 ul"]);
});

test("a long text becomes many sections, and an edit leaves all others as they are", () => {
  const text = Array.from({ length: 4000 }, (_, n) => `Paragraph ${n} of *some* words.\n`).join(
    "\n",
  );
  const before = sectionsOf(text).sections;
  const after = sectionsOf(`${text.slice(0, 12)}!${text.slice(12)}`).sections;
  expect(before.length).toBeGreaterThan(40);
  expect(Math.max(...before.map((section) => section.html.length))).toBeLessThan(5000);
  const update = updateOf(before, sectionsOf(`${text.slice(0, 12)}!\n\n${text.slice(12)}`));
  expect(update).toMatchObject({ start: 0, gone: 1 });
  expect(update.come).toHaveLength(1);
  expect(update.lines[1]).toBe((before[1]?.line ?? 0) + 2);
  expect(updateOf(before, { sections: after, anchors: {} })).toMatchObject({ start: 0, gone: 1 });
  for (const [index, { line, lines }] of before.entries()) {
    const next = before[index + 1];
    if (next) expect(line + lines).toBeLessThanOrEqual(next.line);
  }
});

test("a block that is very long is shown as it is written, whole and in pieces", () => {
  const row = "| <b>a</b> | b |\n";
  const text = `${row}| - | - |\n${row.repeat(6000)}`;
  const { sections } = sectionsOf(text);
  expect(sections.length).toBeGreaterThan(2);
  expect(Math.max(...sections.map((section) => section.html.length))).toBeLessThan(100_000);
  const shown = html(text).replace(/<[^>]+>/g, "");
  expect(shown).toBe(text.trimEnd().replaceAll("<", "&lt;").replaceAll(">", "&gt;"));
});

test("elements of HTML that end in a later block are of one section", () => {
  const inside = "words\n\n".repeat(2000);
  const { sections } = sectionsOf(`<details>\n\n${inside}</details>\n\nafter\n`);
  expect(sections[0]?.html).toContain("</details>");
});

test("code says its language, and what stands in it is text", () => {
  const found = html('```py "><b>\n<script>\n```\n');
  expect(found).toContain('<code data-lang="py &quot;&gt;&lt;b&gt;">&lt;script&gt;');
});

test("lists have boxes for what is to be done and what is done", () => {
  expect(html("- [ ] a\n- [x] b\n- [y] c\n")).toMatch(/☐ a.*☑ b.*\[y\] c/s);
  expect(html("[ ] a")).toContain("[ ] a");
});

test.each(["[a](javascript:alert(1))", "[a](data:text/html,x)", "[a](vbscript:x)"])(
  "%s is no link",
  (text) => expect(html(text)).not.toContain("href"),
);

describe("headings are found by their words", () => {
  test.each([
    ["Getting *started*!", "getting-started"],
    ["Über uns", "über-uns"],
    ["`a.b` & c", "ab--c"],
  ])("%s", (heading, slug) => expect(slugOf(heading)).toBe(slug));

  test("also where several are called the same", () => {
    expect(sectionsOf("# A\n\n# A\n\n# constructor\n").anchors).toEqual({
      a: 0,
      "a-1": 2,
      constructor: 4,
    });
  });
});

test.each([
  ["a.png", "README.md", "a.png"],
  ["../img/a.png", "docs/guide/README.md", "docs/img/a.png"],
  ["./a/./b.png", "docs/x.md", "docs/a/b.png"],
  ["/a.png", "docs/x.md", "a.png"],
  ["../../a.png", "docs/x.md", null],
])("%s in %s is %s", (path, from, to) => expect(resolved(path, from)).toBe(to));

test("an update makes the sections of one text those of another", () => {
  const text = (words: string[]) => words.map((word) => `${word} `.repeat(1500)).join("\n\n");
  const texts = [[], ["a"], ["a", "b", "c"], ["c"], ["a", "x", "c"], ["a", "a", "a", "c"], []];
  let shown: string[] = [];
  let before = sectionsOf("").sections;
  for (const words of texts) {
    const rendered = sectionsOf(text(words));
    const { start, gone, come, lines } = updateOf(before, rendered);
    shown = shown.toSpliced(start, gone, ...come.map(({ html }) => html));
    before = rendered.sections;
    expect(shown).toEqual(before.map((section) => section.html));
    expect(lines).toHaveLength(before.length);
  }
});
