import { useComputed, useSignal } from "@preact/signals";
import { roomName } from "../address";
import type { RoomContext } from "../feature";
import { isTooLong, tidyName } from "../ui/names";
import { ROOM_NAME_LIMIT } from "./limit";

/** The form in the share dialog that changes the room's name. */
export function NameForm({ room }: { room: RoomContext }) {
  const { id, session } = room;
  const name = useComputed(() => session.facts.value.name).value ?? roomName(id);
  const written = useSignal(name);
  const tidy = tidyName(written.value, ROOM_NAME_LIMIT);
  const changed = tidy !== "" && tidy !== name;
  const save = (event: SubmitEvent) => {
    event.preventDefault();
    if (changed) session.submit({ kind: "name", name: tidy });
  };
  return (
    <form class="field" onSubmit={save}>
      <label class="label" for="share-name">
        Room name
      </label>
      <div class="link-line">
        <input
          id="share-name"
          class="input"
          value={written.value}
          autocomplete="off"
          spellcheck={false}
          enterkeyhint="done"
          onInput={(event) => {
            written.value = event.currentTarget.value;
          }}
        />
        <button class="button" type="submit" aria-disabled={!changed}>
          Rename
        </button>
      </div>
      <p class="remark" role="status">
        {isTooLong(written.value, ROOM_NAME_LIMIT) &&
          `Only the first ${ROOM_NAME_LIMIT} characters are kept.`}
      </p>
    </form>
  );
}
