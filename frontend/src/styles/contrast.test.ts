/** The tokens keep WCAG 2.2 AA: 4.5 to 1 for text, 3 to 1 for the shapes that carry meaning. */
import { describe, expect, test } from "vitest";
import css from "./tokens.css?raw";

type Colour = [red: number, green: number, blue: number];

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

const light = tokens(/^:root \{(.*?)^\}/ms);
const dark = tokens(/^:root\[data-theme="dark"\] \{(.*?)^\}/ms);

describe.each([
  { theme: "light", colours: light },
  { theme: "dark", colours: dark },
])("in the $theme theme", ({ colours }) => {
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
  )("%s is read on %s", (text, paper) => expect(ratio(text, paper)).toBeGreaterThanOrEqual(4.5));

  test.each(
    CODE.flatMap((text) => ["surface", "active-line"].map((paper) => [text, paper] as const)),
  )("%s is read on %s", (text, paper) => expect(ratio(text, paper)).toBeGreaterThanOrEqual(4.5));

  test.each<[string, string]>([
    ["on-accent", "accent"],
    ["accent-text", "soft"],
    ["ink", "selection"],
    ["chrome", "ink"],
    ...PEOPLE.map((person): [string, string] => ["person-ink", person]),
  ])("%s is read on %s", (text, fill) => expect(ratio(text, fill)).toBeGreaterThanOrEqual(4.5));

  test.each(["ok", "warn"])("%s is read on its own tint over the chrome", (name) => {
    const tint = mix(colour(name), colour("chrome"), percent(`${name}-tint`));
    expect(contrast(colour(name), tint)).toBeGreaterThanOrEqual(4.5);
  });

  test.each(PAPERS)("ink and muted are read on a hovered %s", (paper) => {
    const hovered = mix(colour("ink"), colour(paper), percent("hover"));
    expect(contrast(colour("ink"), hovered)).toBeGreaterThanOrEqual(4.5);
    expect(contrast(colour("muted"), hovered)).toBeGreaterThanOrEqual(4.5);
  });

  test.each(
    ["accent", "line-strong", ...PEOPLE].flatMap((shape) =>
      PAPERS.map((paper) => [shape, paper] as const),
    ),
  )("the shape %s is seen on %s", (shape, paper) =>
    expect(ratio(shape, paper)).toBeGreaterThanOrEqual(3),
  );
});

test("both themes name the same colours", () => {
  expect([...dark.keys()].sort()).toEqual([...light.keys()].sort());
});

function tokens(block: RegExp): Map<string, Colour> {
  const lines = block.exec(css)?.[1] ?? "";
  const found = lines.matchAll(/--([\w-]+): #(\w\w)(\w\w)(\w\w);/g);
  const byte = (hex: string | undefined) => Number.parseInt(hex ?? "", 16);
  return new Map(
    [...found].map(([, name, red, green, blue]) => [
      name ?? "",
      [byte(red), byte(green), byte(blue)],
    ]),
  );
}

/** How much of its colour a tint has, of 1. */
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

/** WCAG 2.2, "contrast ratio". */
function contrast(one: Colour, other: Colour): number {
  const [high, low] = [luminance(one), luminance(other)].sort((a, b) => b - a) as [number, number];
  return (high + 0.05) / (low + 0.05);
}

function luminance(colour: Colour): number {
  const [red, green, blue] = colour.map((byte) => {
    const part = byte / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  }) as Colour;
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
