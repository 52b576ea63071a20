/** Words for the places of people and for what they do. */
import { doing, type Person } from "./people";

/** The name of the file that a person is in; null if it is the shown file. */
type FileOf = (person: Person) => string | null;
const HERE: FileOf = () => null;

/** The place of a person for a list: "Line 12", with what the person does there. */
export function placeWords(
  person: Person,
  now: number,
  live = true,
  fileOf: FileOf = HERE,
): string {
  if (person.self) return "You";
  const { caret, seen } = person;
  const what = doing(person, now, live);
  const file = fileOf(person);
  const line = caret && spotWords(caret, file);
  const place = line ? line.replace(/^line/, "Line").replace(/^in/, "In") : "Not in the text yet";
  if (what === "unknown") return line ? `Last seen on ${line}` : "Last seen here";
  if (what === "here") return place;
  return `${place} · ${what === "typing" ? "typing…" : `idle for ${minutes(now - seen.activeAt)}`}`;
}

/** A sentence for each person, for people who do not see the list. */
export function everybodyWords(
  people: readonly Person[],
  now: number,
  live = true,
  fileOf: FileOf = HERE,
): string {
  const others = people.filter(({ self }) => !self);
  if (!live) return "You are not connected: nobody knows where the others are.";
  if (others.length === 0) return "Nobody else is here.";
  return others.map((person) => sentence(person, now, fileOf(person))).join(" ");
}

/** "line 12", "line 12 of main.py", or "in main.py" where the line is not known. */
export function spotWords({ line }: { line: number | null }, file: string | null): string {
  if (line === null) return `in ${file ?? "the file"}`;
  return file === null ? `line ${line}` : `line ${line} of ${file}`;
}

/** "3 people". Without a connection, the number of others who were here when it broke. */
export function peopleWords(count: number, live = true): string {
  if (!live && count > 1) return `${count - 1} last seen`;
  return count === 1 ? "1 person" : `${count} people`;
}

function sentence(person: Person, now: number, file: string | null): string {
  const { name, caret } = person;
  const on = caret?.line === null ? "" : "on ";
  const place = caret ? `is ${on}${spotWords(caret, file)}` : "is not in the text yet";
  const what = doing(person, now);
  return `${name} ${place}${what === "here" ? "" : `, ${what}`}.`;
}

function minutes(ms: number): string {
  const whole = Math.floor(ms / 60_000);
  return whole < 60 ? `${whole} min` : `${Math.floor(whole / 60)} h`;
}
