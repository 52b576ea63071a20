import type { FileId } from "../link/protocol";
import type { Person } from "../session";

/** Return, by file, the other people who have their carets in it. */
export function othersIn(people: readonly Person[]): ReadonlyMap<FileId, readonly Person[]> {
  const files = new Map<FileId, Person[]>();
  for (const person of people) {
    if (person.self || !person.caret) continue;
    const here = files.get(person.caret.file);
    if (here) here.push(person);
    else files.set(person.caret.file, [person]);
  }
  return files;
}
