import { useEffect } from "preact/hooks";
import type { RoomContext } from "../feature";
import { peopleOf } from "./store";

/** Names the person whom one follows. Escape stops following. */
export function FollowBanner({ room }: { room: RoomContext }) {
  const { following } = peopleOf(room);
  const person = following.person;
  const follows = person !== null;
  useEffect(() => {
    if (!follows) return;
    const press = (event: KeyboardEvent) => {
      if (event.key === "Escape" && !document.querySelector("dialog[open]")) following.stop();
    };
    // Listen in the capture phase, because the editor may use Escape for something else.
    addEventListener("keydown", press, true);
    return () => removeEventListener("keydown", press, true);
  }, [follows, following]);

  return (
    <div role="status" class="follow">
      {person && (
        <span class="follow-banner" style={{ "--person": `var(--person-${person.colour})` }}>
          <span>
            Following {person.name}
            {following.away && " · away"}
          </span>
          <button class="follow-stop" type="button" onClick={() => following.stop()}>
            <span class="follow-key">
              <span class="hidden">Stop following, </span>
              <kbd>Esc</kbd> to stop
            </span>
            <span class="follow-tap">
              Stop<span class="hidden"> following</span>
            </span>
          </button>
        </span>
      )}
    </div>
  );
}
