import type { RoomContext } from "../feature";
import { isTouch } from "../ui/touch";
import { useLoaded } from "../ui/useLoaded";

const TOUCH = isTouch();

/**
 * Shows `KeyRow` on the screens that need it. When `KeyRow` cannot be fetched, the person types without
 * it.
 */
export function TouchKeys({ room }: { room: RoomContext }) {
  return TOUCH && <Loaded room={room} />;
}

function Loaded({ room }: { room: RoomContext }) {
  const Row = useLoaded(
    async () => (await import("./KeyRow")).KeyRow,
    () => {},
  );
  return Row && <Row editor={room.editor} />;
}
