import { Play } from "lucide";
import { mayWrite, whyNot } from "../access/standing";
import { perform } from "../actions";
import type { RoomContext } from "../feature";
import { Icon } from "../ui/Icon";
import { canRun } from "./actions";

/** The button in the top bar that runs the shown file. It tells people who only watch why it does nothing. */
export function RunButton({ room }: { room: RoomContext }) {
  const { session } = room;
  const standing = session.standing.value;
  const why = mayWrite(standing) ? undefined : whyNot(standing);
  return (
    <button
      class="button primary run"
      type="button"
      aria-disabled={!canRun(room)}
      title={why}
      onClick={() => (why ? session.say("info", why) : perform("run.file"))}
    >
      <Icon of={Play} />
      Run
    </button>
  );
}
