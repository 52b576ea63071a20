import { useRef } from "preact/hooks";
import { actions, isEnabled, titleOf } from "../actions";
import type { WindowProps } from "../feature";
import { Dialog } from "../ui/Dialog";
import { Icon } from "../ui/Icon";
import { Parts } from "./Parts";

/** Shows on a phone what has no room elsewhere. */
export function MoreDialog({ room, onClose }: WindowProps) {
  // The chosen action runs after the dialog has closed and given the focus back.
  const chosen = useRef<(() => void) | null>(null);
  const close = () => {
    onClose();
    chosen.current?.();
  };
  const offered = actions.value
    .flatMap((action) => (action.more === undefined ? [] : [{ action, rank: action.more }]))
    .sort((one, other) => one.rank - other.rank)
    .map(({ action }) => action);
  return (
    <Dialog title="More" onClose={close}>
      <form method="dialog" class="menu">
        {offered.filter(isEnabled).map((action) => (
          <button
            key={action.id}
            class="menu-item"
            type="submit"
            onClick={() => {
              chosen.current = action.run;
            }}
          >
            {action.icon && <Icon of={action.icon} size={18} />}
            {titleOf(action)}
          </button>
        ))}
      </form>
      <div class="menu menu-theme">
        <Parts at="menu" room={room} />
      </div>
    </Dialog>
  );
}
