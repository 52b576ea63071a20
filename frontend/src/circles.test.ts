/**
 * Checks that no module of the page imports itself through others, and that no family of features shows
 * components of another. Imports of types and lazy imports count.
 */
import { expect, test } from "vitest";

const SOURCES = import.meta.glob<string>("./**/*.{ts,tsx}", {
  query: "?raw",
  import: "default",
  eager: true,
});
const IMPORT = /(?:from|import)\s*\(?\s*"(\.[^"?]*)"/g;

const graph = new Map(
  Object.entries(SOURCES).map(([path, source]) => [
    path,
    [...source.matchAll(IMPORT)].flatMap(([, name]) => found(path, name ?? "") ?? []),
  ]),
);

/** The module that an import's name means in a module. */
function found(from: string, name: string): string | undefined {
  const { pathname } = new URL(name, `file:///${from}`);
  return [".ts", ".tsx", "/index.ts"].map((end) => `.${pathname}${end}`).find((p) => p in SOURCES);
}

/** A circle of imports from a module to itself, if there is one that is not known yet. */
function circles(): string[][] {
  const seen = new Set<string>();
  const circles: string[][] = [];
  const visit = (module: string, path: string[]): void => {
    const start = path.indexOf(module);
    if (start >= 0) circles.push([...path.slice(start), module]);
    if (start >= 0 || seen.has(module)) return;
    for (const next of graph.get(module) ?? []) visit(next, [...path, module]);
    seen.add(module);
  };
  for (const module of graph.keys()) visit(module, []);
  return circles;
}

test("imports are read", () => {
  expect(graph.size).toBeGreaterThan(150);
  expect(graph.get("./room/client.ts")).toContain("./room/changes.ts");
});

test("there are no circles", () => {
  expect(circles().map((circle) => circle.join(" → "))).toEqual([]);
});

test("a family's components are shown by itself alone: what others show of it is registered", () => {
  const families = (graph.get("./features.ts") ?? []).flatMap((path) => {
    const family = /^\.\/(\w+)\/feature\.ts$/.exec(path)?.[1];
    // Every family shows its components in the frame.
    return family && family !== "frame" ? [`./${family}/`] : [];
  });
  expect(families).toContain("./people/");
  const foreign = [...graph].flatMap(([from, to]) =>
    to
      .filter((path) => path.endsWith(".tsx"))
      .filter((path) => families.some((one) => path.startsWith(one) && !from.startsWith(one)))
      // The pages without a room have no features: they are a frame of their own.
      .filter(() => !from.startsWith("./start/"))
      .map((path) => `${from} → ${path}`),
  );
  expect(foreign).toEqual([]);
});
