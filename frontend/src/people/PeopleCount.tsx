import type { RoomContext } from "../feature";
import { isOpen, togglePane } from "../frame/open";
import { PANEL } from "./actions";
import { peopleWords } from "./where";

/** How many people are here, and the way to see whom. */
export function PeopleCount({ room }: { room: RoomContext }) {
  const { people, link } = room.session;
  return (
    <button
      class="quiet status-people wide-only"
      type="button"
      aria-expanded={isOpen(PANEL)}
      onClick={() => togglePane(PANEL)}
    >
      {peopleWords(people.value.length, link.value.state === "live")}
    </button>
  );
}
