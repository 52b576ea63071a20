import { X } from "lucide";
import { Icon } from "../ui/Icon";

interface Props {
  title: string;
  count?: number;
  onClose(): void;
}

/** The head of a pane: what it is, how much is in it, and the way out on a wide screen. */
export function PaneHead({ title, count, onClose }: Props) {
  return (
    <header class="pane-head">
      <h2 class="pane-title">
        {title} <span class="muted">{count}</span>
      </h2>
      <button
        class="icon-button wide-only"
        type="button"
        aria-label={`Close the ${title.toLowerCase()} panel`}
        onClick={onClose}
      >
        <Icon of={X} />
      </button>
    </header>
  );
}
