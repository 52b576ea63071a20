/** Makes the news about people and the connection that a screen reader reads, from two moments. */

import type { Link } from "../link/connection";
import type { Person } from "../session";

export interface Moment {
  link: Link["state"];
  /** The names of the others, by person id. */
  others: ReadonlyMap<string, string>;
}

export function moment(link: Link, people: readonly Person[]): Moment {
  const others = people.filter((person) => !person.self);
  return { link: link.state, others: new Map(others.map(({ person, name }) => [person, name])) };
}

/** One text for all changes, "" for none. Without a connection it does not tell who came or left. */
export function news(before: Moment, after: Moment): string {
  const said: string[] = [];
  if (before.link === "live" && after.link === "offline") {
    said.push("You are offline. You can go on typing.");
  } else if (before.link === "live" && after.link !== "live") {
    said.push("Connection lost. You can go on typing.");
  } else if (before.link !== "live" && after.link === "live") {
    said.push("Connected.");
  }
  if (after.link === "live") {
    said.push(sentence(namesMissing(before.others, after.others), "joined"));
    said.push(sentence(namesMissing(after.others, before.others), "left"));
  }
  return said.filter(Boolean).join(" ");
}

/** The names in `all` of the people who are not in `known`. */
function namesMissing(known: Moment["others"], all: Moment["others"]): string[] {
  return [...all].filter(([person]) => !known.has(person)).map(([, name]) => name);
}

function sentence(names: string[], verb: string): string {
  if (names.length === 0) return "";
  if (names.length > 3) return `${names.length} people ${verb}.`;
  const last = names[names.length - 1];
  const list = names.length === 1 ? last : `${names.slice(0, -1).join(", ")} and ${last}`;
  return `${list} ${verb}.`;
}
