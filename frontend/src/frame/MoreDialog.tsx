import { useRef } from "preact/hooks";
import { actions, isEnabled, titleOf } from "../actions";
import type { WindowProps } from "../feature";
import { iconOf } from "../palette/actionIcons";
import { NEXT } from "../settings/ThemeToggle";
import { switchTheme, upcoming } from "../settings/theme";
import { Dialog } from "../ui/Dialog";
import { Icon } from "../ui/Icon";

/** What a phone has no room for elsewhere. */
export function MoreDialog({ onClose }: Pick<WindowProps, "onClose">) {
  // What a person chose here happens after the dialog, which gives the focus back where it was.
  const chosen = useRef<(() => void) | null>(null);
  const close = () => {
    onClose();
    chosen.current?.();
  };
  const theme = NEXT[upcoming.value];
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
            <Icon of={iconOf(action)} size={18} />
            {titleOf(action)}
          </button>
        ))}
      </form>
      <div class="menu menu-theme">
        <button class="menu-item" type="button" onClick={switchTheme}>
          <Icon of={theme.icon} size={18} />
          {theme.label}
        </button>
      </div>
    </Dialog>
  );
}
