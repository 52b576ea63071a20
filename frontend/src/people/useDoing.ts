import { useNow } from "../ui/useNow";
import type { Person } from "./people";
import { doing } from "./people";

/** The current time. Renders again when a person stops typing, and now and then because people become idle. */
export function useDoingNow(people: readonly Person[]): number {
  const typing = people.some((person) => doing(person, Date.now()) === "typing");
  return useNow(typing ? 500 : 30_000);
}
