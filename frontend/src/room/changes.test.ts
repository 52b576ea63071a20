/** The cases generated from the server's table of kinds, run by the page's. */
import { describe, expect, test } from "vitest";
import file from "../../../tests/vectors/changes.json?raw";
import { KINDS } from "../kinds";
import type { File } from "../link/protocol";
import { LANGUAGE_IDS } from "../ui/languages";
import { caretAfter, decodeChange, encodeChange, fileOf, type WireChange } from "./changes";
import { CommittedFiles } from "./files";

interface Vectors {
  kinds: string[];
  languages: string[];
  changes: { change: WireChange; file: string | null; caret: number | null }[];
  folds: { changes: WireChange[]; files: File[]; facts: { name?: string } }[];
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

  test.each(vectors.folds)("fold of $changes", ({ changes, files, facts }) => {
    const committed = new CommittedFiles();
    for (const change of changes.map(decodeChange)) {
      if (change.kind === "edit") expect(committed.edit(change.file, change.operation)).toBe(true);
      else committed.commit(change);
    }
    const found = committed.infos.map((info) => ({
      ...info,
      text: committed.content(info.id).text,
    }));
    expect(found).toEqual(files);
    expect(committed.facts.name).toBe(facts.name ?? null);
  });
});
