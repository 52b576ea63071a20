/** Whom a text mentions, and whom one that is being written could. */
import type { Person } from "../people/people";

export interface Choice {
  label: string;
  /** The text that takes the place of what is between `from` and `to`. */
  insert: string;
  from: number;
  to: number;
}

export type Named = Pick<Person, "name" | "person" | "self">;

const MOST_CHOICES = 6;
/** The most people whom a message mentions, unless the server has another limit. */
export const MOST_MENTIONS = 20;

/** Return whom the word before the caret may mean, if it begins with an @. `members` are names of more people. */
export function choicesFor(
  people: readonly Named[],
  members: readonly string[],
  text: string,
  caret: number,
): Choice[] {
  const line = text.slice(Math.max(0, caret - 42), caret);
  const at = line.lastIndexOf("@");
  if (at < 0 || /[\w@]/.test(line[at - 1] ?? "")) return [];
  const typed = line.slice(at + 1).toLowerCase();
  if (typed.includes("\n")) return [];
  const from = caret - (line.length - at);
  const names = people.filter(({ self }) => !self).map(({ name }) => name);
  return [...new Set([...names, ...members]), "here"]
    .filter((name) => {
      const lower = name.toLowerCase();
      return (
        lower !== typed &&
        (lower.startsWith(typed) || lower.split(" ").some((word) => word.startsWith(typed)))
      );
    })
    .slice(0, MOST_CHOICES)
    .map((name) => ({
      label: name === "here" ? "here · everybody who is here" : name,
      insert: `@${name} `,
      from,
      to: caret,
    }));
}

const MOST_WORDS = 3;
const MOST_NAME = 40;

/**
 * Return the names that a text may mention of people who are not here: after each @ a member's name, or else the
 * next word, the next two and the next three. The server knows which of these somebody has, and does not tell.
 * `besides` counts mentions of other kinds.
 */
export function namesAway(
  text: string,
  people: readonly Named[],
  members: readonly string[] = [],
  besides = 0,
): string[] {
  const found = new Set<string>();
  for (const rest of afterEachAt(text)) {
    if (mentionsIn(`@${rest.slice(0, 60)}`, people).length > 0) continue;
    const member = longest(members.filter((name) => begins(rest, name)));
    for (const name of member ? [member] : namesAtStart(rest)) found.add(name);
  }
  return [...found].slice(0, Math.max(0, MOST_MENTIONS - besides));
}

function namesAtStart(rest: string): string[] {
  const words = rest.split(" ").slice(0, MOST_WORDS);
  return words.flatMap((_, index) => {
    const name = words
      .slice(0, index + 1)
      .join(" ")
      .replace(/[\s.,:;!?)'"]+$/u, "");
    return /^[^\s@]/.test(name) && name.length <= MOST_NAME ? [name] : [];
  });
}

/** Return the ids of the people whom a text mentions. */
export function mentionsIn(text: string, people: readonly Named[]): string[] {
  const found = new Set<string>();
  for (const rest of afterEachAt(text)) {
    if (begins(rest, "here")) found.add("@here");
    const fitting = people.filter(({ name }) => begins(rest, name));
    const name = longest(fitting.map(({ name }) => name));
    for (const one of fitting) if (one.name === name) found.add(one.person);
  }
  return [...found].slice(0, MOST_MENTIONS);
}

/** Return the beginning of the rest of the line after each @ that begins a word. */
function afterEachAt(text: string): string[] {
  const found: string[] = [];
  for (let at = text.indexOf("@"); at >= 0; at = text.indexOf("@", at + 1)) {
    if (/\w/.test(text[at - 1] ?? "")) continue;
    found.push(text.slice(at + 1, at + 130).split("\n", 1)[0] ?? "");
  }
  return found;
}

function begins(rest: string, name: string): boolean {
  return rest.startsWith(name) && !/^\w/.test(rest.slice(name.length));
}

function longest(names: readonly string[]): string | undefined {
  return names.toSorted((a, b) => b.length - a.length)[0];
}
