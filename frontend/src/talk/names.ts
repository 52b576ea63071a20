import type { RoomContext } from "../feature";
import type { Message } from "./messages";

/** The names that messages may mention, the longest first. Reads signals. */
export function namesIn({ session }: RoomContext, messages: readonly Message[]): string[] {
  const names = new Set([
    ...session.people.value.map(({ name }) => name),
    ...messages.map(({ author }) => author),
  ]);
  return [...names].sort((a, b) => b.length - a.length);
}
