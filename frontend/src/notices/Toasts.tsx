import { CircleAlert, Info, TriangleAlert, X } from "lucide";
import { useEffect, useRef } from "preact/hooks";
import type { RoomContext } from "../feature";
import { Icon } from "../ui/Icon";
import type { Notice } from "./notices";

const ICONS = { info: Info, warn: TriangleAlert, danger: CircleAlert };
const READING_MS = 8000;

/**
 * Shows the session's notices under the text, so that they cover no line of it. Screen readers read
 * them out politely.
 */
export function Toasts({ room: { session } }: { room: RoomContext }) {
  return (
    <div class="toasts" role="status" aria-label="Notices">
      {session.notices.value.map((notice) => (
        <Toast key={notice.id} notice={notice} onDismiss={() => session.dismiss(notice.id)} />
      ))}
    </div>
  );
}

interface Props {
  notice: Notice;
  onDismiss(): void;
}

function Toast({ notice, onDismiss }: Props) {
  const { kind, text, times, action } = notice;
  // A notice that only informs leaves by itself; a notice that the person may have to act on stays.
  const leaving = useLeaving(kind === "info" && !action, times, onDismiss);
  const act = () => {
    action?.run();
    onDismiss();
  };
  return (
    <div class={`toast toast-${kind}`} {...leaving}>
      <Icon of={ICONS[kind]} />
      <p>{text}</p>
      {action && (
        <button class="button small" type="button" onClick={act}>
          {action.label}
        </button>
      )}
      <button class="icon-button" type="button" aria-label="Dismiss" onClick={onDismiss}>
        <Icon of={X} size={14} />
      </button>
    </div>
  );
}

/**
 * Call `leave` once there was time to read since the last of `times`. The clock pauses while the
 * pointer or the focus is on the notice.
 */
function useLeaving(leaves: boolean, times: number, leave: () => void) {
  const timer = useRef(0);
  const stay = () => clearTimeout(timer.current);
  const start = () => {
    stay();
    if (leaves) timer.current = window.setTimeout(leave, READING_MS);
  };
  useEffect(() => {
    start();
    return stay;
  }, [leaves, times]);
  return { onPointerEnter: stay, onPointerLeave: start, onFocusIn: stay, onFocusOut: start };
}
