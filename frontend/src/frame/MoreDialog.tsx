import { useRef } from "preact/hooks";
import { find, isEnabled, titleOf } from "../actions";
import { iconOf } from "../palette/actionIcons";
import { NEXT } from "../settings/ThemeToggle";
import { switchTheme, upcoming } from "../settings/theme";
import { Dialog } from "../ui/Dialog";
import { Icon } from "../ui/Icon";

/** In the order in which they stand. */
const OFFERED = [
  "room.share",
  "room.rename",
  "people.profile",
  "file.download",
  "edit.find",
  "view.settings",
  "room.leave",
];

/** What a phone has no room for elsewhere. */
export function MoreDialog({ onClose }: { onClose(): void }) {
  // What a person chose here happens after the dialog, which gives the focus back where it was.
  const chosen = useRef<(() => void) | null>(null);
  const close = () => {
    onClose();
    chosen.current?.();
  };
  const theme = NEXT[upcoming.value];
  const offered = OFFERED.map(find).filter((action) => action !== undefined);
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
