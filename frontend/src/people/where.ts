/** Where everybody is and what they do, in words. */
import { doing, type Person } from "./people";

/** "Line 12", with what is special about it: for a list. */
export function placeWords(person: Person, now: number, live = true): string {
  if (person.self) return "You";
  const { caret, seen } = person;
  const what = doing(person, now, live);
  const place = caret ? `Line ${caret.line}` : "Not in the text yet";
  if (what === "unknown") return caret ? `Last seen on line ${caret.line}` : "Last seen here";
  if (what === "here") return place;
  return `${place} · ${what === "typing" ? "typing…" : `idle for ${minutes(now - seen.activeAt)}`}`;
}

/** One sentence each: for who does not see the list. */
export function everybodyWords(people: readonly Person[], now: number, live = true): string {
  const others = people.filter(({ self }) => !self);
  if (!live) return "You are not connected: nobody knows where the others are.";
  if (others.length === 0) return "Nobody else is here.";
  return others.map((person) => sentence(person, now)).join(" ");
}

/** "3 people" here; without a connection how many others were here when one last knew. */
export function peopleWords(count: number, live = true): string {
  if (!live && count > 1) return `${count - 1} last seen`;
  return count === 1 ? "1 person" : `${count} people`;
}

function sentence(person: Person, now: number): string {
  const { name, caret } = person;
  const place = caret ? `is on line ${caret.line}` : "is not in the text yet";
  const what = doing(person, now);
  return `${name} ${place}${what === "here" ? "" : `, ${what}`}.`;
}

function minutes(ms: number): string {
  const whole = Math.floor(ms / 60_000);
  return whole < 60 ? `${whole} min` : `${Math.floor(whole / 60)} h`;
}
