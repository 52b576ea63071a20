/** The actions about people: going to them, following them, and changing one's own name. */
import { MapPin, UserPen, UserRoundCheck } from "lucide";
import type { Action } from "../actions";
import type { RoomContext } from "../feature";
import { openDialog } from "../frame/dialogs";
import { showPane } from "../frame/open";
import type { Following } from "./following";
import type { Person } from "./people";
import { say } from "./spoken";
import { peopleOf } from "./store";
import { everybodyWords } from "./where";

/** The place of the panel. `feature.ts` has the rest of it. */
export const PANEL = { id: "people", place: "right" } as const;

export function peopleActions(room: RoomContext): Action[] {
  const { session } = room;
  return [
    {
      id: "people.where",
      title: "Where is everyone?",
      section: "People",
      icon: MapPin,
      words: "who line announce",
      run: () => {
        showPane(PANEL);
        const fileOf = (person: Person) => peopleOf(room).fileOf(person);
        const live = session.link.peek().state === "live";
        say(everybodyWords(session.people.peek(), Date.now(), live, fileOf));
      },
    },
    {
      id: "people.profile",
      title: "Change your name or colour",
      section: "People",
      icon: UserPen,
      words: "profile rename me color",
      more: 3,
      run: () => openDialog("profile"),
    },
    ...followActions(room),
  ];
}

function followActions(room: RoomContext): Action[] {
  const { following, others } = peopleOf(room);
  return others.value.map(({ person, name }) => ({
    id: `people.follow.${person}`,
    title: () => (follows(following, person) ? `Stop following ${name}` : `Follow ${name}`),
    section: "People",
    icon: UserRoundCheck,
    words: "go watch caret",
    enabled: () => room.session.people.value.some((one) => one.person === person && one.caret),
    run: () => (follows(following, person) ? following.stop() : following.follow(person)),
  }));
}

function follows(following: Following, person: string): boolean {
  return following.person?.person === person;
}
