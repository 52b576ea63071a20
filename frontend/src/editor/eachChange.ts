/** Reads the changes of a ChangeSet, of which there may be very many. */
import type { ChangeSet } from "@codemirror/state";

/** A ChangeSet as JSON: how much stays, or how much is deleted and the lines that are inserted. */
export type ChangeParts = (number | [deleted: number, ...lines: string[]])[];

type Told = [from: number, to: number, insert: string];
/** Several read the same changes one after another, and a text of a megabyte is put together once. */
const read = new WeakMap<ChangeSet, readonly Told[]>();

/**
 * Tell each change, with offsets of the text before all of them. Neighbours that touch are one.
 * ChangeSet.iterChanges does the same, and joins trees of text for each change: that takes ten times
 * as long.
 */
export function eachChange(
  changes: ChangeSet,
  tell: (from: number, to: number, insert: string) => void,
): void {
  let all = read.get(changes);
  if (!all) {
    all = changesIn(changes);
    read.set(changes, all);
  }
  for (const [from, to, insert] of all) tell(from, to, insert);
}

function changesIn(changes: ChangeSet): Told[] {
  const all: Told[] = [];
  let from = 0;
  let to = 0;
  let insert = "";
  const end = () => {
    if (from < to || insert !== "") all.push([from, to, insert]);
  };
  for (const part of changes.toJSON() as ChangeParts) {
    if (typeof part === "number") {
      end();
      from = to += part;
      insert = "";
      continue;
    }
    const [deleted, ...lines] = part;
    to += deleted;
    insert += lines.join("\n");
  }
  end();
  return all;
}

/** How many changes there are. */
export function countOf({ desc }: ChangeSet): number {
  let count = 0;
  desc.iterChangedRanges(() => {
    count++;
  });
  return count;
}
