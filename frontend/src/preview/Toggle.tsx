import { Eye } from "lucide";
import type { RoomContext } from "../feature";
import { Icon } from "../ui/Icon";
import { isPreviewed, kindOfPreview, preview } from "./previewing";

/** A button that shows or hides the preview of the file, if it has one. */
export function Toggle({ room }: { room: RoomContext }) {
  const file = room.session.activeFile.value;
  if (!file || !kindOfPreview(file)) return null;
  const shown = isPreviewed(room, file);
  return (
    <button
      class="quiet preview-toggle"
      type="button"
      aria-pressed={shown}
      onClick={() => preview(room, file, !shown)}
    >
      <Icon of={Eye} size={14} />
      Preview
    </button>
  );
}
