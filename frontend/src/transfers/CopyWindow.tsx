import { useSignal } from "@preact/signals";
import { roomPath } from "../address";
import type { WindowProps } from "../feature";
import { askerOf } from "../people/asker";
import { Dialog } from "../ui/Dialog";
import { useTask } from "../ui/useTask";
import { copyRoom } from "./server";
import "./transfers.css";

/** Copies this room, with or without its history, and goes to the copy. */
export function CopyWindow({ room, onClose }: WindowProps) {
  const history = useSignal(false);
  const task = useTask();
  const copy = () =>
    task.run(async () => {
      location.assign(roomPath(await copyRoom(room.id, history.value, askerOf(room))));
      return "leaves";
    });
  return (
    <Dialog title="Copy this room" onClose={onClose}>
      <p>
        The copy is a room of its own with a link of its own. What happens in it changes nothing
        here.
      </p>
      <fieldset class="transfer-choices">
        <legend class="label">What it begins with</legend>
        {[false, true].map((whole) => (
          <label key={String(whole)}>
            <input
              type="radio"
              name="history"
              checked={history.value === whole}
              onChange={() => {
                history.value = whole;
              }}
            />
            {whole ? "The files and all of their history" : "The files as they are now"}
          </label>
        ))}
      </fieldset>
      <p class="problem" role="alert">
        {task.problem}
      </p>
      <div class="transfer-foot">
        <button
          class="button primary"
          type="button"
          data-first
          aria-disabled={task.busy}
          onClick={copy}
        >
          {task.busy ? "Copying…" : "Copy the room"}
        </button>
      </div>
    </Dialog>
  );
}
