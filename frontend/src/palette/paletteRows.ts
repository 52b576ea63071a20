/** Makes the rows that the palette lists for a search. */
import { actions } from "../actions";
import { type Found, search } from "./ranking";
import { recent, used } from "./recent";

/** A row of the palette: something that a person can do. */
export type Row = Pick<Found, "title" | "letters"> & {
  id: string;
  action?: Found["action"];
  /** The section that the row stands under while the field is empty. */
  section: string;
  run(): void;
};

/** The shown text, in which the palette goes to a line. */
export interface Lines {
  /** The number of lines. */
  count(): number;
  goTo(line: number, column: number): void;
}

/**
 * The rows for a search. Among actions that match equally well, recently used ones come first. "12" finds
 * line 12 first, and ":12" finds only that.
 */
export function rowsFor(written: string, lines: Lines): Row[] {
  const lately = recent.value;
  const found = search(actions.value, written, lately).map(rowOf);
  const place = lineOf(written);
  if (place) return [wayTo(place, lines), ...found];
  if (written.trim() !== "") return found;
  const last = lately.flatMap((id) => found.filter((row) => row.id === id));
  return [
    ...last.map((row) => ({ ...row, section: "Recent" })),
    ...found.filter((row) => !last.includes(row)),
  ];
}

/** The section that starts with this row; false if none does. */
export function headingOf(rows: readonly Row[], index: number): string | false {
  const section = rows[index]?.section;
  return section && section !== rows[index - 1]?.section ? section : false;
}

/** The words for an empty list. */
export function noneWords(written: string): string {
  return written.trim().startsWith(":")
    ? "Type the number of a line."
    : "No action is called that.";
}

function rowOf({ action, title, letters }: Found): Row {
  const { id, section } = action;
  const run = () => {
    used(id);
    action.run();
  };
  return { id, action, title, letters, section, run };
}

/** The row that goes to a line. For a line after the last one it goes to the last one, and says so. */
function wayTo([line, column]: [number, number], lines: Lines): Row {
  const last = lines.count();
  const at = column > 1 ? `, column ${column}` : "";
  const title =
    line > last
      ? `Go to line ${last}, the last one: there is no line ${line}`
      : `Go to line ${line}${at}`;
  const run = () => lines.goTo(Math.min(line, last), column);
  return { id: "line", title, letters: [], section: "", run };
}

/** The line and column of "12", ":12" or "12:3", from 1. */
function lineOf(written: string): [line: number, column: number] | null {
  const found = /^\s*:?\s*(\d{1,9})(?:[:,](\d{1,9}))?\s*$/.exec(written);
  return found && [Math.max(1, Number(found[1])), Math.max(1, Number(found[2] ?? 1))];
}
