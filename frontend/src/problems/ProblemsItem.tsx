import { CircleX, TriangleAlert } from "lucide";
import type { RoomContext } from "../feature";
import { togglePane } from "../frame/open";
import { Icon } from "../ui/Icon";
import { PANE } from "./pane";
import { countWords, problemsOf } from "./store";

/** The number of errors and warnings, in the status bar. A click lists them. */
export function ProblemsItem({ room }: { room: RoomContext }) {
  const counts = problemsOf(room).counts.value;
  if (!counts) return null;
  return (
    <button class="quiet problems-item" type="button" onClick={() => togglePane(PANE)}>
      <span class="problems-counts" aria-hidden="true">
        <Icon of={CircleX} size={14} /> {counts.errors}
        <Icon of={TriangleAlert} size={14} /> {counts.warnings}
      </span>
      <span class="hidden">Problems: {countWords(counts)}</span>
    </button>
  );
}
