import type { ReadonlySignal } from "@preact/signals";
import { LogOut } from "lucide";
import { useRef } from "preact/hooks";
import type { EditorHandle, Person, RoomSession } from "../session";
import { Avatar } from "../ui/Avatar";
import { Dialog } from "../ui/Dialog";
import { Icon } from "../ui/Icon";
import { ThemeToggle } from "../ui/ThemeToggle";
import { CopyLink, roomLink } from "./CopyLink";
import { peopleWords } from "./status";

interface Props {
  session: RoomSession;
  editor: ReadonlySignal<EditorHandle | null>;
  onClose(): void;
  onProfile(): void;
}

/** The link to hand out and everybody here; on a phone also what its top bar has no room for. */
export function RoomDialog({ session, editor, onClose, onProfile }: Props) {
  // What a person chose here happens after the dialog, which gives the focus back where it was.
  const chosen = useRef<(() => void) | null>(null);
  const close = () => {
    onClose();
    chosen.current?.();
  };
  const choose = (person: Person) => {
    chosen.current = person.self ? onProfile : () => editor.value?.goTo(person.person);
  };
  return (
    <Dialog title="This room" onClose={close}>
      <div class="link-line">
        <input
          class="input"
          aria-label="Link to this room"
          readOnly
          value={roomLink()}
          onFocus={(event) => event.currentTarget.select()}
        />
        <CopyLink primary onRefused={() => {}} />
      </div>
      <p class="remark">Anyone with the link can read and write here.</p>
      <h3 class="label">In the room · {peopleWords(session.people.value.length)}</h3>
      <form method="dialog">
        <ul class="roster">
          {session.people.value.map((person) => (
            <li key={person.person}>
              <Avatar {...person} />
              <span class="roster-name">
                {person.name}
                {person.self && <span class="muted"> (you)</span>}
              </span>
              <PersonAction person={person} onChoose={() => choose(person)} />
            </li>
          ))}
        </ul>
      </form>
      <div class="phone-foot phone-only">
        <a class="button" href="/">
          <Icon of={LogOut} />
          Leave the room
        </a>
        <ThemeToggle />
      </div>
    </Dialog>
  );
}

/** A submit button of the dialog's form, so that it also closes the dialog. */
function PersonAction({ person, onChoose }: { person: Person; onChoose(): void }) {
  const { name, self, caret } = person;
  if (!self && !caret) return null;
  return (
    <button class="button small" type="submit" onClick={onChoose}>
      {self ? (
        "Change name"
      ) : (
        <>
          <span class="hidden">Go to {name}, </span>
          Line {caret?.line}
        </>
      )}
    </button>
  );
}
