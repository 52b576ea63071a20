import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { roomName, roomPath } from "../address";
import { ask, type MyRoom } from "./api";
import { accountName } from "./store";
import { useList } from "./useList";
import { when } from "./when";
import "./accounts.css";

/** The rooms that this person has opened. Nothing is shown where there are none. */
export function MyRooms() {
  const search = useSignal("");
  const trashed = useSignal(false);
  const seen = useSignal(false);
  const path = `/me/rooms?trashed=${trashed.value}&search=${encodeURIComponent(search.value)}`;
  const { rows, problem, load, act } = useList<MyRoom>(path);
  useEffect(() => {
    if (rows?.length) seen.value = true;
  }, [rows]);
  useEffect(() => {
    // The first answer may be of nobody.
    if (accountName.value) act(load);
  }, [accountName.value]);
  if (!seen.value) return null;
  const move = (room: MyRoom) =>
    act(() => ask("PATCH", `/me/rooms/${room.room_id}`, { trashed: !trashed.value }).then(load));
  return (
    <section class="my-rooms" aria-labelledby="my-rooms">
      <div class="my-rooms-head">
        <h2 id="my-rooms">{trashed.value ? "Trash" : "My rooms"}</h2>
        <input
          class="input"
          type="search"
          aria-label="Search my rooms"
          placeholder="Search"
          onInput={(event) => {
            search.value = event.currentTarget.value;
          }}
        />
        <button
          class="button"
          type="button"
          onClick={() => {
            trashed.value = !trashed.value;
          }}
        >
          {trashed.value ? "My rooms" : "Trash"}
        </button>
      </div>
      <p class="problem" role="alert">
        {problem}
      </p>
      {rows?.length === 0 && (
        <p class="remark">
          {search.value
            ? "No room has this in its name."
            : trashed.value
              ? "The trash is empty."
              : "No room."}
        </p>
      )}
      <ul class="rows">
        {rows?.map((room) => (
          <li key={room.room_id}>
            <a class="row-text" href={roomPath(room.room_id)}>
              <strong>{room.title ?? roomName(room.room_id)}</strong>
              <span class="remark">
                opened {when(room.opened_at)}
                {room.people.length > 0 && ` · ${inThere(room.people)}`}
              </span>
            </a>
            <button
              class="button small"
              type="button"
              aria-label={`${trashed.value ? "Put back" : "Move to the trash"}: ${room.title ?? roomName(room.room_id)}`}
              onClick={() => move(room)}
            >
              {trashed.value ? "Put back" : "To the trash"}
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** "Ada and Bo are in there", "Ada and 4 others are in there". */
function inThere(people: readonly string[]): string {
  const [first, second] = people;
  if (people.length === 1) return `${first} is in there`;
  const rest = people.length === 2 ? second : `${people.length - 1} others`;
  return `${first} and ${rest} are in there`;
}
