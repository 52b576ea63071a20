import { FilePlus, Files } from "lucide";
import { perform } from "../actions";
import type { RoomContext } from "../feature";
import { Icon } from "../ui/Icon";
import { Unplaced } from "./Unplaced";

/** Takes the place of the text when none is shown: says why, and offers a way on. */
export function Nothing({ room }: { room: RoomContext }) {
  const { phase, unplaced, files } = room.session;
  if (phase.value !== "open" && unplaced.value) return <Unplaced {...unplaced.value} />;
  const none = files.value.length === 0;
  return (
    <div class="nothing">
      <p>
        {none
          ? "There is no text in this room. Removed files can be restored."
          : "No file is open."}
      </p>
      <button class="button" type="button" onClick={() => perform(none ? "file.new" : "go.file")}>
        <Icon of={none ? FilePlus : Files} />
        {none ? "New file" : "Go to file"}
      </button>
    </div>
  );
}
