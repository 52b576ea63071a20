import type { RoomContext } from "../feature";
import { useLoaded } from "../ui/useLoaded";

const TOUCH = matchMedia("(pointer: coarse)").matches;

/** `KeyRow`, on the screens that need it. Without a network now one types without it. */
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
