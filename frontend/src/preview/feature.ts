import { Eye } from "lucide";
import type { Feature, RoomContext } from "../feature";
import { Beside } from "./Beside";
import { isPreviewed, kindOfPreview, preview as show } from "./previewing";
import { Toggle } from "./Toggle";

/** Shows formatted Markdown and SVG images beside the text or in its place. */
export const preview: Feature = {
  id: "preview",
  parts: { tabs: Toggle, beside: Beside },
  actions: (room) => [
    {
      id: "view.preview",
      title: () => (isShown(room) ? "Hide the preview" : "Show the preview"),
      section: "View",
      icon: Eye,
      words: "markdown readme svg render",
      enabled: () => {
        const file = room.session.activeFile.value;
        return file !== null && kindOfPreview(file) !== null;
      },
      run: () => {
        const file = room.session.activeFile.peek();
        if (file) show(room, file, !isShown(room));
      },
    },
  ],
};

function isShown(room: RoomContext): boolean {
  const file = room.session.activeFile.value;
  return file !== null && isPreviewed(room, file);
}
