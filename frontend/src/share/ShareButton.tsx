import { Share2 } from "lucide";
import { openDialog } from "../frame/dialogs";
import { Icon } from "../ui/Icon";

/** The button in the top bar that opens the share dialog. */
export function ShareButton() {
  return (
    <button class="button share" type="button" onClick={() => openDialog("share")}>
      <Icon of={Share2} />
      <span class="bar-word">Share</span>
    </button>
  );
}
