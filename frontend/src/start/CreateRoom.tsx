import { Plus } from "lucide";
import { roomPath } from "../address";
import { Icon } from "../ui/Icon";
import { useTask } from "../ui/useTask";
import { createRoom } from "./rooms";
import type { Template } from "./templates";

interface Props {
  template: Template;
  /** Tells whether this is the main button of the page. */
  primary?: boolean;
}

/** The button that creates a room and goes there. */
export function CreateRoom({ template, primary = true }: Props) {
  const task = useTask();
  const create = () =>
    task.run(async () => {
      location.assign(roomPath(await createRoom(template)));
      return "leaves";
    });
  return (
    <div class="create-room">
      <button
        class={`button large ${primary ? "primary" : ""}`}
        type="button"
        aria-disabled={task.busy}
        onClick={create}
      >
        {task.busy ? <span class="spinner" /> : <Icon of={Plus} />}
        {task.busy ? "Creating the room…" : "Create a room"}
      </button>
      <p class="problem" role="alert">
        {task.problem}
      </p>
    </div>
  );
}
