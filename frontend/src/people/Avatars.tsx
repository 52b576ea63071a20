import type { RoomContext } from "../feature";
import { openDialog } from "../frame/dialogs";
import { showPane } from "../frame/open";
import { Avatar } from "../ui/Avatar";
import { Tip } from "../ui/Tip";
import { PANEL } from "./actions";
import type { Following } from "./following";
import { doing, type Person } from "./people";
import { peopleOf } from "./store";
import { useDoingNow } from "./useDoing";
import { spotWords } from "./where";

const SHOWN = 5;

/** The avatars of the first five people. A click goes to a person's caret, and a second click follows it. */
export function Avatars({ room }: { room: RoomContext }) {
  const { session } = room;
  const store = peopleOf(room);
  const { following } = store;
  // All avatars appear at once, when the people are known, so that none moves for another.
  const people = session.phase.value === "opening" ? [] : session.people.value;
  const now = useDoingNow(people);
  const live = session.link.value.state === "live";
  const more = people.length - SHOWN;
  return (
    <ul class="avatars wide-only" aria-label="People here">
      {people.slice(0, SHOWN).map((person) => (
        <li key={person.person}>
          <AvatarButton
            person={person}
            file={store.fileOf(person)}
            now={now}
            live={live}
            following={following}
          />
        </li>
      ))}
      {more > 0 && (
        <li>
          <button class="person" type="button" onClick={() => showPane(PANEL)}>
            <span class="avatar more" aria-hidden="true">
              +{more}
            </span>
            <Tip>{more} more</Tip>
          </button>
        </li>
      )}
    </ul>
  );
}

interface ButtonProps {
  following: Following;
  person: Person;
  /** The name of the file that they are in, unless it is the shown one. */
  file: string | null;
  now: number;
  live: boolean;
}

function AvatarButton({ person, file, now, live, following }: ButtonProps) {
  const followed = following.person?.person === person.person;
  const { label, able } = wordsFor(person, file, followed, following.isVisited(person.person));
  const click = () => {
    if (person.self) openDialog("profile");
    else if (able) following.choose(person.person);
  };
  return (
    <button
      class="person"
      type="button"
      data-followed={followed}
      aria-disabled={!able}
      onClick={click}
    >
      <Avatar {...person} doing={doing(person, now, live)} />
      <Tip>{live || person.self ? label : `${label} · as last seen`}</Tip>
    </button>
  );
}

/** The words for a click on an avatar, and whether a click does anything. */
function wordsFor(
  { name, self, caret }: Person,
  file: string | null,
  followed: boolean,
  visited: boolean,
): { label: string; able: boolean } {
  if (self) return { label: `${name} (you): change name or colour`, able: true };
  if (followed) return { label: `${name}: stop following`, able: true };
  if (!caret) return { label: `${name}: no caret in the file`, able: false };
  if (visited) return { label: `${name}: follow`, able: true };
  const place = caret.line === null ? `${file}` : spotWords(caret, file);
  return { label: `${name}: go to ${place}`, able: true };
}
