import { Search } from "lucide";
import { keyLabel, spokenKey } from "../keys";
import { openPalette } from "../overlays";
import { Icon } from "../ui/Icon";

/** Looks like a field, and opens the palette: the way to every action for those without keys, as is a phone's foot. */
export function CommandField() {
  return (
    <button
      class="command-field wide-only"
      type="button"
      aria-keyshortcuts={spokenKey("Mod-k")}
      onClick={() => openPalette()}
    >
      <Icon of={Search} />
      <span>Go to line or action</span>
      <span aria-hidden="true">
        <kbd>{keyLabel("Mod-k")}</kbd>
      </span>
    </button>
  );
}
