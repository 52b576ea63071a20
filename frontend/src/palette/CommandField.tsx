import { Search } from "lucide";
import { find } from "../actions";
import { openDialog } from "../frame/dialogs";
import { labelsOf, spokenKeysOf } from "../keyLabels";
import { Icon } from "../ui/Icon";

/** Opens the palette and looks like a field. It leads people who use no keys to every action, as a phone's foot does. */
export function CommandField() {
  const action = find("help.palette");
  const label = action && labelsOf(action)[0];
  return (
    <button
      class="command-field wide-only"
      type="button"
      aria-keyshortcuts={action && spokenKeysOf(action)}
      onClick={() => openDialog("palette")}
    >
      <Icon of={Search} />
      <span>Go to line or action</span>
      <span aria-hidden="true">{label && <kbd>{label}</kbd>}</span>
    </button>
  );
}
