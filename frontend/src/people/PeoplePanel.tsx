import { UserPen, UserPlus } from "lucide";
import type { Feature, PaneProps, PersonProps } from "../feature";
import { openDialog } from "../frame/dialogs";
import { PaneHead } from "../frame/PaneHead";
import { phone } from "../frame/screen";
import { Avatar } from "../ui/Avatar";
import { Icon } from "../ui/Icon";
import { Tip } from "../ui/Tip";
import { useLoaded } from "../ui/useLoaded";
import type { Following } from "./following";
import { doing, type Person } from "./people";
import { peopleOf } from "./store";
import { useDoingNow } from "./useDoing";
import { placeWords } from "./where";

/** The panel of people, their places and what they do. It is beside the editor; on a phone in its place. */
export function PeoplePanel({ room, onClose }: PaneProps) {
  const { session } = room;
  const store = peopleOf(room);
  const { following } = store;
  const people = session.people.value;
  const now = useDoingNow(people);
  const live = session.link.value.state === "live";
  return (
    <>
      <PaneHead title="People" count={people.length} onClose={onClose} />
      <ul class="roster">
        {people.map((person) => (
          <li key={person.person}>
            <Avatar {...person} doing={doing(person, now, live)} />
            <div class="roster-words">
              <span class="roster-name">{person.name}</span>
              <span class="muted">{placeWords(person, now, live, (one) => store.fileOf(one))}</span>
              {room.features.map((of) => (
                <OfPerson key={of.id} of={of} room={room} person={person} />
              ))}
            </div>
            {person.self ? (
              <button class="icon-button" type="button" onClick={() => openDialog("profile")}>
                <Icon of={UserPen} />
                <Tip>Change name or colour</Tip>
              </button>
            ) : (
              <Ways person={person} following={following} onGo={onClose} />
            )}
          </li>
        ))}
      </ul>
      {people.length > 1 && !live && (
        <p class="pane-empty">You are not connected. The others are shown as last seen.</p>
      )}
      {people.length === 1 && (
        <p class="pane-empty">Nobody else is here yet. Send the link, and they can type at once.</p>
      )}
      <footer class="pane-foot">
        <button class="button" type="button" onClick={() => openDialog("share")}>
          <Icon of={UserPlus} />
          Invite people
        </button>
      </footer>
    </>
  );
}

interface WaysProps {
  person: Person;
  following: Following;
  onGo(): void;
}

interface OfPersonProps extends PersonProps {
  of: Feature;
}

/** Shows what another feature has beside a person. */
function OfPerson({ of, ...props }: OfPersonProps) {
  const Shown = useLoaded(
    async () => (await of.ofPerson?.()) ?? null,
    () => {},
  );
  return Shown && <Shown {...props} />;
}

/** The buttons that go to a person's caret. */
function Ways({ person, following, onGo }: WaysProps) {
  if (!person.caret) return null;
  const { name, person: id } = person;
  const followed = following.person?.person === id;
  // On a phone the panel covers the text that one wants to see, so close it.
  const go = (way: () => void) => {
    if (phone.matches) onGo();
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
