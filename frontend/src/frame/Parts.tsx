import type { RoomContext, Slot } from "../feature";
import { Guard } from "./Guard";

/** Shows the parts that the features have for a slot of the frame, in their order. */
export function Parts({ at, room }: { at: Slot; room: RoomContext }) {
  return (
    <>
      {room.features.map(({ id, parts }) => {
        const Shown = parts?.[at];
        return (
          Shown && (
            <Guard key={id}>
              <Shown room={room} />
            </Guard>
          )
        );
      })}
    </>
  );
}
