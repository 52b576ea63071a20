import { roomName } from "../address";
import { at } from "../base";
import { Mark } from "../ui/Mark";
import { Skeleton } from "../ui/Skeleton";

interface Props {
  id: string;
  /** The room's program did not come: the network is gone, or the server has a newer one. */
  failed?: boolean;
}

/** The frame of a room while its program is on the way; everything stands where it will stay. */
export function Opening({ id, failed = false }: Props) {
  return (
    <div class="room">
      <header class="top-bar">
        <div class="bar-side">
          <a class="home" href={at("/")} aria-label="Collab, start page">
            <Mark />
          </a>
          <h1 class="room-name">
            <span class="quiet">
              <span class="room-name-text">{roomName(id)}</span>
            </span>
          </h1>
        </div>
      </header>
      <div class="rail wide-only" />
      <main class="stage" aria-busy={!failed}>
        <div class="card editor-card">
          <div class="tabs" />
          <Skeleton />
        </div>
      </main>
      <footer class="status-bar">
        <span class="connection" role="status" data-tone={failed ? "danger" : "busy"}>
          <span class="dot" />
          {failed ? "The room could not be loaded" : "Opening the room…"}
          {failed && (
            <button class="link" type="button" onClick={() => location.reload()}>
              Reload
            </button>
          )}
        </span>
      </footer>
    </div>
  );
}
