import { roomPath } from "../address";
import { createRoom } from "../start/rooms";
import { Dialog } from "../ui/Dialog";
import { useTask } from "../ui/useTask";
import { askedFor } from "./askedFor";
import { GitFields } from "./GitFields";
import "../ui/dialog.css";

/** On the start page: creates a room, and fetches the files of a repository into it. */
export function GitStart({ onClose }: { onClose(): void }) {
  const task = useTask();
  const create = (url: string) =>
    task.run(async () => {
      const room = await createRoom("empty");
      askedFor.set(room, url);
      location.assign(roomPath(room));
      return "leaves";
    });
  return (
    <Dialog title="Import from Git" onClose={onClose}>
      <GitFields
        button={task.busy ? "Creating the room…" : "Create a room"}
        busy={task.busy}
        problem={task.problem}
        onGive={create}
      >
        <p class="remark">
          A new room begins with the files as the newest commit has them. History, submodules and
          links are left out.
        </p>
      </GitFields>
    </Dialog>
  );
}
