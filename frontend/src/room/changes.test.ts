/** Runs the page's kinds of changes on the cases that are generated from the server's table of kinds. */
import { describe, expect, test } from "vitest";
import file from "../../../tests/vectors/changes.json?raw";
import { KINDS } from "../kinds";
import type { Asset, File, Folder } from "../link/protocol";
import type { RoomProgram } from "../runs/program";
import { LANGUAGE_IDS } from "../ui/languages";
import { caretAfter, decodeChange, encodeChange, fileOf, type WireChange } from "./changes";
import { CommittedFiles } from "./files";
import { ENDINGS, languageOf } from "./languages";
import { keyOf, spareName, wrongName } from "./names";

interface Vectors {
  kinds: string[];
  languages: string[];
  changes: { change: WireChange; file: string | null; caret: number | null }[];
  wrong_names: [string, boolean][];
  keys: [string, string, boolean][];
  spares: [string, string[], string][];
  language_of: [string, string][];
  endings: [string, string][];
  folds: {
    changes: WireChange[];
    files: File[];
    folders: Folder[];
    assets: Asset[];
    paths: Record<string, string>;
    facts: { name?: string; program?: RoomProgram };
  }[];
}

const vectors = JSON.parse(file) as Vectors;

describe("the page and the server know the same", () => {
  test("kinds of change", () => {
    expect(KINDS.map(({ tag }) => tag).sort()).toEqual(vectors.kinds);
    expect(new Set(vectors.changes.map(({ change }) => change[0]))).toEqual(new Set(vectors.kinds));
  });

  test("languages", () => {
    expect([...LANGUAGE_IDS].sort()).toEqual(vectors.languages);
  });

  test.each(vectors.changes)("change $change", (c) => {
    const change = decodeChange(c.change);
    expect(encodeChange(change)).toEqual(c.change);
    expect(fileOf(change)).toBe(c.file);
    expect(caretAfter(change)).toBe(c.caret);
  });

  test.each(vectors.folds)("fold of $changes", ({ changes, files, folders, assets, ...told }) => {
    const committed = new CommittedFiles();
    for (const change of changes.map(decodeChange)) committed.commit(change);
    const nodes = { parent: "", removed: false };
    expect(committed.told).toEqual({
      files: files.map((file) => ({ ...nodes, ...file })),
      folders: folders.map((folder) => ({ ...nodes, ...folder })),
      assets: assets.map((asset) => ({ ...nodes, ...asset })),
    });
    const { tree } = committed;
    const living = [...tree].filter(({ id }) => tree.isLiving(id));
    expect(Object.fromEntries(living.map(({ id }) => [id, tree.path(id)]))).toEqual(told.paths);
    expect(committed.facts.name).toBe(told.facts.name ?? null);
  });

  test.each(vectors.wrong_names)("whether the name %j is wrong: %j", (name, wrong) => {
    expect(wrongName(name) !== null).toBe(wrong);
  });

  test.each(vectors.keys)("whether %j and %j are one name: %j", (one, other, same) => {
    expect(keyOf(one) === keyOf(other)).toBe(same);
  });

  test.each(vectors.spares)("a spare name for %j beside %j", (name, taken, spare) => {
    const keys = new Set(taken.map(keyOf));
    expect(spareName(name, (other) => keys.has(keyOf(other)))).toBe(spare);
  });

  test("the endings", () => {
    const endings = [...ENDINGS].flatMap(([language, all]) => all.map((one) => [one, language]));
    expect(endings.sort()).toEqual(vectors.endings.toSorted());
  });

  test.each(vectors.language_of)("the language of %j", (name, language) => {
    expect(languageOf(name)).toBe(language);
  });
});
