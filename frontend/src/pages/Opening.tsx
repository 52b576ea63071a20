import { Mark } from "../ui/Mark";
import { Skeleton } from "../ui/Skeleton";
import { roomName } from "./address";

/** The frame of a room while its program is on the way; everything stands where it will stay. */
export function Opening({ id }: { id: string }) {
  return (
    <div class="room">
      <header class="top-bar">
        <a class="home" href="/" aria-label="Collab, start page">
          <Mark />
        </a>
        <h1 class="room-name">{roomName(id)}</h1>
      </header>
      <main class="stage" aria-busy="true">
        <div class="card editor-card">
          <div class="tabs" />
          <Skeleton />
        </div>
      </main>
      <footer class="status-bar">
        <span class="connection" data-tone="busy">
          <span class="dot" />
          Opening the room…
        </span>
      </footer>
    </div>
  );
}
