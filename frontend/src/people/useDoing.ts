import { useNow } from "../ui/useNow";
import type { Person } from "./people";
import { doing } from "./people";

/** The time, told again when somebody stops typing, and now and then for those who become idle. */
export function useDoingNow(people: readonly Person[]): number {
  const typing = people.some((person) => doing(person, Date.now()) === "typing");
  return useNow(typing ? 500 : 30_000);
}
