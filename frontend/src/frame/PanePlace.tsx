import type { Pane, Place, RoomContext } from "../feature";
import { useLoaded } from "../ui/useLoaded";
import { Guard } from "./Guard";
import { hidePane, isOpen } from "./open";
import { Resizer } from "./Resizer";
import { NOT_LOADED } from "./words";

interface Props {
  place: Place;
  room: RoomContext;
}

/** A place of the frame, with the pane that is open there; nothing while none is. */
export function PanePlace({ place, room }: Props) {
  const pane = openPane(place, room);
  return pane && <Shown key={pane.id} pane={pane} room={room} />;
}

/** The pane that is open at a place, if the page has that pane. Reads signals. */
export function openPane(place: Place, { features }: RoomContext): Pane | undefined {
  return features
    .flatMap(({ panes = [] }) => panes)
    .find((pane) => pane.place === place && isOpen(pane));
}

function Shown({ pane, room }: { pane: Pane; room: RoomContext }) {
  const { place, title, load } = pane;
  const close = () => hidePane(pane);
  const Panel = useLoaded(load, () => {
    close();
    room.session.say("warn", NOT_LOADED);
  });
  return (
    <aside class={`pane pane-${place}`} aria-label={title}>
      {place !== "stage" && <Resizer side={place} />}
      <div class="card pane-card">
        <Guard onFail={close}>{Panel && <Panel room={room} onClose={close} />}</Guard>
      </div>
    </aside>
  );
}
