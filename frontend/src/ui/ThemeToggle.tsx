import { Monitor, Moon, Sun } from "lucide";
import { switchTheme, upcoming } from "../settings/theme";
import { Icon } from "./Icon";
import { Tip } from "./Tip";

/** Maps each theme to the theme that the toggle switches to. */
export const NEXT = {
  light: { icon: Sun, label: "Use the light theme" },
  dark: { icon: Moon, label: "Use the dark theme" },
  system: { icon: Monitor, label: "Use the theme of this device" },
};

export function ThemeToggle() {
  const { icon, label } = NEXT[upcoming.value];
  return (
    <button class="icon-button" type="button" onClick={switchTheme}>
      <Icon of={icon} size={18} />
      <Tip>{label}</Tip>
    </button>
  );
}
