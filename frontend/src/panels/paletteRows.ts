/** What the palette lists for what is written into it. */
import { actions } from "../actions";
import { type Found, search } from "./ranking";

/** Something to do. */
export type Row = Pick<Found, "title" | "letters"> & {
  id: string;
  action?: Found["action"];
  run(): void;
};

/** The actions that the words find; for "12" the way to line 12 first, and for ":12" that alone. */
export function rowsFor(written: string, goToLine: (line: number, column: number) => void): Row[] {
  const found = search(actions.value, written).map((one) => ({
    ...one,
    id: one.action.id,
    run: () => one.action.run(),
  }));
  const place = lineOf(written);
  if (!place) return found;
  const [line, column] = place;
  const title = `Go to line ${line}${column > 1 ? `, column ${column}` : ""}`;
  const way = { id: "line", title, letters: [], run: () => goToLine(line, column) };
  return [way, ...found];
}

/** The section that begins with this row, if one does. */
export function headingOf(rows: readonly Row[], index: number): string | false {
  const section = rows[index]?.action?.section;
  return section && section !== rows[index - 1]?.action?.section ? section : false;
}

/** What to say where there is nothing to list. */
export function noneWords(written: string): string {
  return written.trim().startsWith(":")
    ? "Type the number of a line."
    : "No action is called that.";
}

/** The line and column of "12", ":12" or "12:3", from 1. */
function lineOf(written: string): [line: number, column: number] | null {
  const found = /^\s*:?\s*(\d{1,9})(?:[:,](\d{1,9}))?\s*$/.exec(written);
  return found && [Math.max(1, Number(found[1])), Math.max(1, Number(found[2] ?? 1))];
}
