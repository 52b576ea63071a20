/**
 * The tokens keep WCAG 2.2 AA: 4.5 to 1 for text, 3 to 1 for the shapes that carry meaning. In the
 * high contrast theme text keeps AAA, 7 to 1.
 */
import { describe, expect, test } from "vitest";
import { type Colour, contrast, parseColour } from "./contrast";
import css from "./tokens.css?raw";

const PAPERS = ["chrome", "surface", "raised", "sunken"];
const CODE = [
  "keyword",
  "string",
  "number",
  "function",
  "type",
  "comment",
  "ghost",
  "ink",
  "muted",
];
const PEOPLE = Array.from({ length: 8 }, (_, index) => `person-${index}`);

/** The opacity with which editor/carets.ts draws the selections of others. */
const SELECTED = 0.22;

const LIGHT = /^:root \{(.*?)^\}/ms;
const DARK = /^:root\[data-theme="dark"\] \{(.*?)^\}/ms;
const HIGH = /^:root\[data-theme="contrast"\] \{(.*?)^\}/ms;
const [light, dark, high] = [tokens(LIGHT), tokens(DARK), tokens(HIGH)];

describe.each([
  { theme: "light", colours: light, band: share(LIGHT), text: 4.5 },
  { theme: "dark", colours: dark, band: share(DARK), text: 4.5 },
  { theme: "high contrast", colours: high, band: share(HIGH), text: 7 },
])("in the $theme theme", ({ colours, band, text: least }) => {
  const colour = (name: string): Colour => {
    const found = colours.get(name);
    if (!found) throw new Error(`no colour --${name}`);
    return found;
  };
  const ratio = (over: string, under: string) => contrast(colour(over), colour(under));

  test.each(
    ["ink", "muted", "accent-text", "ok", "danger", "warn"].flatMap((text) =>
      PAPERS.map((paper) => [text, paper] as const),
    ),
  )("%s is read on %s", (text, paper) => expect(ratio(text, paper)).toBeGreaterThanOrEqual(least));

  test.each(CODE)("%s is read in the editor, also in the line of a caret", (text) => {
    expect(ratio(text, "surface")).toBeGreaterThanOrEqual(least);
    const line = mix(colour("ink"), colour("surface"), band);
    expect(contrast(colour(text), line)).toBeGreaterThanOrEqual(least);
  });

  test.each<[string, string]>([
    ["on-accent", "accent"],
    ["accent-text", "soft"],
    ["ink", "selection"],
    ["chrome", "ink"],
    ...PEOPLE.map((person): [string, string] => ["person-ink", person]),
  ])("%s is read on %s", (text, fill) => expect(ratio(text, fill)).toBeGreaterThanOrEqual(least));

  test.each(PEOPLE)("text is read in a selection of %s", (person) => {
    const selected = mix(colour(person), colour("surface"), SELECTED);
    expect(contrast(colour("ink"), selected)).toBeGreaterThanOrEqual(least);
  });

  test.each(["ok", "warn"])("%s is read on its own tint over the chrome", (name) => {
    const tint = mix(colour(name), colour("chrome"), percent(`${name}-tint`));
    expect(contrast(colour(name), tint)).toBeGreaterThanOrEqual(least);
  });

  test.each(PAPERS)("ink and muted are read on a hovered %s", (paper) => {
    const hovered = mix(colour("ink"), colour(paper), percent("hover"));
    expect(contrast(colour("ink"), hovered)).toBeGreaterThanOrEqual(least);
    expect(contrast(colour("muted"), hovered)).toBeGreaterThanOrEqual(least);
  });

  test.each(
    ["accent", "line-strong", ...PEOPLE].flatMap((shape) =>
      PAPERS.map((paper) => [shape, paper] as const),
    ),
  )("the shape %s is seen on %s", (shape, paper) =>
    expect(ratio(shape, paper)).toBeGreaterThanOrEqual(3),
  );
});

test("all themes name the same colours", () => {
  expect([...dark.keys()].sort()).toEqual([...light.keys()].sort());
  expect([...high.keys()].sort()).toEqual([...light.keys()].sort());
});

function tokens(block: RegExp): Map<string, Colour> {
  const lines = block.exec(css)?.[1] ?? "";
  const found = lines.matchAll(/--([\w-]+): (#\w{6});/g);
  return new Map([...found].map(([, name = "", hex = ""]) => [name, parseColour(hex)]));
}

/** Return the share of ink, from 0 to 1, in the band that a theme draws behind the caret's line. */
function share(block: RegExp): number {
  const found = /--band-share: (\d+)%/.exec(block.exec(css)?.[1] ?? "")?.[1];
  if (!found) throw new Error("a theme has no band");
  return Number(found) / 100;
}

/** Return the share of its colour, from 0 to 1, that a tint has. */
function percent(name: string): number {
  const share = new RegExp(`--${name}: color-mix\\(in srgb, var\\(--[\\w-]+\\) (\\d+)%`).exec(
    css,
  )?.[1];
  if (!share) throw new Error(`no tint --${name}`);
  return Number(share) / 100;
}

function mix(over: Colour, under: Colour, share: number): Colour {
  const blend = (index: 0 | 1 | 2) => over[index] * share + under[index] * (1 - share);
  return [blend(0), blend(1), blend(2)];
}
