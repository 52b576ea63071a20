import type { ReadonlySignal } from "@preact/signals";
import type { EditorHandle, Person, RoomSession } from "../session";
import { Avatar } from "../ui/Avatar";
import { Tip } from "../ui/Tip";

const SHOWN = 5;

interface Props {
  session: RoomSession;
  editor: ReadonlySignal<EditorHandle | null>;
  onMore(): void;
  onProfile(): void;
}

/** Who is here: the first five as avatars, each the way to that person's caret; on a phone one button for all. */
export function People({ session, editor, onMore, onProfile }: Props) {
  const people = session.people.value;
  if (people.length === 0) return null;
  const more = people.length - SHOWN;
  return (
    <>
      <ul class="people wide-only" aria-label="People here">
        {people.slice(0, SHOWN).map((person) => (
          <li key={person.person}>
            <PersonButton
              person={person}
              onClick={person.self ? onProfile : () => editor.value?.goTo(person.person)}
            />
          </li>
        ))}
        {more > 0 && (
          <li>
            <button class="person" type="button" onClick={onMore}>
              <span class="avatar more" aria-hidden="true">
                +{more}
              </span>
              <Tip>{more} more</Tip>
            </button>
          </li>
        )}
      </ul>
      <button class="people phone-only" type="button" onClick={onMore}>
        <span class="hidden">People here</span>
        {people.slice(0, 2).map((person) => (
          <Avatar key={person.person} {...person} />
        ))}
        {people.length > 2 && (
          <span class="avatar more" aria-hidden="true">
            +{people.length - 2}
          </span>
        )}
      </button>
    </>
  );
}

function PersonButton({ person, onClick }: { person: Person; onClick(): void }) {
  const { label, able } = personWords(person);
  return (
    <button class="person" type="button" aria-disabled={!able} onClick={onClick}>
      <Avatar {...person} />
      <Tip>{label}</Tip>
    </button>
  );
}

/** What a click on a person does, and whether it can. */
export function personWords({ name, self, caret }: Person): { label: string; able: boolean } {
  if (self) return { label: `${name} (you): change name or colour`, able: true };
  if (!caret) return { label: `${name}: no caret in the file`, able: false };
  return { label: `${name}: go to line ${caret.line}`, able: true };
}
