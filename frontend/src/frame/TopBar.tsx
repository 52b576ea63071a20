import { roomName } from "../address";
import { at } from "../base";
import type { RoomContext } from "../feature";
import { Mark } from "../ui/Mark";
import { Parts } from "./Parts";

/** The head of a room: where one is, who is here, and the way to bring others. */
export function TopBar({ room }: { room: RoomContext }) {
  const headed = room.features.some(({ parts }) => parts?.heading);
  return (
    <header class="top-bar">
      <div class="bar-side">
        <a class="home" href={at("/")} aria-label="Collab, start page">
          <Mark />
        </a>
        {headed ? (
          <Parts at="heading" room={room} />
        ) : (
          <h1 class="room-name room-name-text">{roomName(room.id)}</h1>
        )}
        <Parts at="pill" room={room} />
      </div>
      <Parts at="middle" room={room} />
      <div class="bar-side end">
        <Parts at="bar" room={room} />
      </div>
    </header>
  );
}
