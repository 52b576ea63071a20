import type { RoomContext } from "../feature";
import { openDialog } from "../frame/dialogs";
import { indentWords } from "./indent";

/**
 * Shows the indentation of the file in the status bar. A click lets the person choose another one for
 * themselves.
 */
export function IndentItem({ room: { session } }: { room: RoomContext }) {
  const file = session.activeFile.value;
  if (!file) return null;
  const words = indentWords(session.indents.of(file));
  return (
    <button
      class="quiet wide-only status-indent"
      type="button"
      aria-label={`Indentation, ${words}`}
      onClick={() => openDialog("indent")}
    >
      {words}
    </button>
  );
}
