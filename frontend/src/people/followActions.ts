/** Following somebody, by name. */
import { UserRoundCheck } from "lucide";
import { useActions } from "../actions";
import type { RoomSession } from "../session";
import type { Following } from "./following";

export function useFollowActions(session: RoomSession, following: Following): void {
  const others = session.people.value.filter(({ self }) => !self);
  const names = JSON.stringify(others.map(({ person, name }) => [person, name]));
  useActions(
    () =>
      others.map(({ person, name }) => ({
        id: `people.follow.${person}`,
        title: () => (follows(following, person) ? `Stop following ${name}` : `Follow ${name}`),
        section: "People",
        icon: UserRoundCheck,
        words: "go watch caret",
        enabled: () => session.people.value.some((one) => one.person === person && one.caret),
        run: () => (follows(following, person) ? following.stop() : following.follow(person)),
      })),
    [session, following, names],
  );
}

function follows(following: Following, person: string): boolean {
  return following.person?.person === person;
}
