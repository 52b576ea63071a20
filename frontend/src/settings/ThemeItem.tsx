import { Icon } from "../ui/Icon";
import { NEXT } from "../ui/ThemeToggle";
import { switchTheme, upcoming } from "./theme";

/** The theme switch as an item of a menu. */
export function ThemeItem() {
  const { icon, label } = NEXT[upcoming.value];
  return (
    <button class="menu-item" type="button" onClick={switchTheme}>
      <Icon of={icon} size={18} />
      {label}
    </button>
  );
}
