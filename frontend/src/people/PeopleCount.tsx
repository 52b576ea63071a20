import type { RoomContext } from "../feature";
import { isOpen, togglePane } from "../frame/open";
import { PANEL } from "./actions";
import { peopleWords } from "./where";

/** The number of people here. A click shows the panel of people. */
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
