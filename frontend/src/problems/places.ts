/** The order of problems over all files of the room. */
import type { FileId } from "../link/protocol";
import type { Checked, Problem } from "./store";

export interface Place {
  file: FileId;
  problem: Problem;
}

/** The errors and warnings of files, in their order. */
export function placesIn(files: readonly FileId[], checked: ReadonlyMap<FileId, Checked>): Place[] {
  return files.flatMap((file) =>
    (checked.get(file)?.problems ?? [])
      .filter(({ severity }) => severity === "error" || severity === "warning")
      .map((problem) => ({ file, problem })),
  );
}

/** The place after or before the caret. The first one follows the last one. */
export function nextOf(
  places: readonly Place[],
  files: readonly FileId[],
  at: { file: FileId; line: number; column: number } | null,
  step: 1 | -1,
): Place | undefined {
  const order = ({ file, problem: { line, column } }: Place) =>
    at === null
      ? 1
      : files.indexOf(file) - files.indexOf(at.file) || line - at.line || column - at.column;
  return step > 0
    ? (places.find((place) => order(place) > 0) ?? places[0])
    : (places.findLast((place) => order(place) < 0) ?? places.at(-1));
}
