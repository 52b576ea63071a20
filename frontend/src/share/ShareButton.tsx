import { Share2 } from "lucide";
import { openDialog } from "../frame/dialogs";
import { Icon } from "../ui/Icon";

/** The button in the top bar that opens the share dialog. */
export function ShareButton() {
  return (
    <button class="button primary share" type="button" onClick={() => openDialog("share")}>
      <Icon of={Share2} />
      Share
    </button>
  );
}
