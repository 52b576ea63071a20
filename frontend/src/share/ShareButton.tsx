import { Share2 } from "lucide";
import { openDialog } from "../frame/dialogs";
import { Icon } from "../ui/Icon";

/** The way to the share dialog, in the top bar. */
export function ShareButton() {
  return (
    <button class="button primary share" type="button" onClick={() => openDialog("share")}>
      <Icon of={Share2} />
      Share
    </button>
  );
}
