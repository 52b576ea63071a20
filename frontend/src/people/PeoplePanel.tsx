import { UserPen, UserPlus, X } from "lucide";
import { Resizer } from "../frame/Resizer";
import { phone } from "../frame/screen";
import { sideOpen } from "../frame/side";
import type { RoomSession } from "../session";
import { Icon } from "../ui/Icon";
import { Tip } from "../ui/Tip";
import { Avatar } from "./Avatar";
import type { Following } from "./following";
import { doing, type Person } from "./people";
import { useDoingNow } from "./useDoing";
import { placeWords } from "./where";

export interface Props {
  session: RoomSession;
  following: Following;
  onProfile(): void;
  onShare(): void;
}

/** Who is here, where, and what they do: beside the editor, on a phone in its place. */
export function PeoplePanel({ session, following, onProfile, onShare }: Props) {
  const people = session.people.value;
  const now = useDoingNow(people);
  const live = session.link.value.state === "live";
  return (
    <>
      <Resizer />
      <div class="card side-card">
        <header class="side-head">
          <h2 class="side-title">
            People <span class="muted">{people.length}</span>
          </h2>
          <button
            class="icon-button wide-only"
            type="button"
            aria-label="Close the people panel"
            onClick={() => {
              sideOpen.value = false;
            }}
          >
            <Icon of={X} />
          </button>
        </header>
        <ul class="roster">
          {people.map((person) => (
            <li key={person.person}>
              <Avatar {...person} doing={doing(person, now, live)} />
              <div class="roster-words">
                <span class="roster-name">{person.name}</span>
                <span class="muted">{placeWords(person, now, live)}</span>
              </div>
              {person.self ? (
                <button class="icon-button" type="button" onClick={onProfile}>
                  <Icon of={UserPen} />
                  <Tip>Change name or colour</Tip>
                </button>
              ) : (
                <Ways person={person} following={following} />
              )}
            </li>
          ))}
        </ul>
        {people.length > 1 && !live && (
          <p class="side-empty">You are not connected. The others are shown as last seen.</p>
        )}
        {people.length === 1 && (
          <p class="side-empty">
            Nobody else is here yet. Send the link, and they can type at once.
          </p>
        )}
        <footer class="side-foot">
          <button class="button" type="button" onClick={onShare}>
            <Icon of={UserPlus} />
            Invite people
          </button>
        </footer>
      </div>
    </>
  );
}

/** The ways to somebody who has a caret. */
function Ways({ person, following }: { person: Person; following: Following }) {
  if (!person.caret) return null;
  const { name, person: id } = person;
  const followed = following.person?.person === id;
  // On a phone the panel lies over the text that one wants to see.
  const go = (way: () => void) => {
    if (phone.matches) sideOpen.value = false;
    way();
  };
  return (
    <span class="ways">
      {!followed && (
        <button class="quiet" type="button" onClick={() => go(() => following.visit(id))}>
          Go to<span class="hidden"> {name}</span>
        </button>
      )}
      <button
        class="button small"
        type="button"
        aria-pressed={followed}
        onClick={() => (followed ? following.stop() : go(() => following.follow(id)))}
      >
        {followed ? "Following" : "Follow"}
        <span class="hidden"> {name}</span>
      </button>
    </span>
  );
}
