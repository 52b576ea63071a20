import { useSignal } from "@preact/signals";
import { ArrowRight } from "lucide";
import { useEffect, useRef } from "preact/hooks";
import { roomIdIn, roomPath } from "../address";
import { BASE } from "../base";
import { Icon } from "../ui/Icon";
import { useTask } from "../ui/useTask";
import { CreateRoom } from "./CreateRoom";
import { roomExists } from "./rooms";
import type { Template } from "./templates";

interface Props {
  /** The template of the room that is created instead of an unknown one. */
  template: Template;
  /** A link to check again. It is selected and has the focus. */
  check?: string;
}

/** Goes to a room by its link or id, once the server has said that the room exists. */
export function JoinRoom({ template, check }: Props) {
  const input = useRef<HTMLInputElement>(null);
  const unknown = useSignal(false);
  const invalid = useSignal(false);
  const task = useTask();
  const problem = invalid.value ? NOT_A_LINK : unknown.value ? NOT_FOUND : task.problem;

  useEffect(() => {
    if (check !== undefined) input.current?.select();
  }, [check]);

  const forget = () => {
    unknown.value = false;
    invalid.value = false;
  };
  const join = (event: SubmitEvent) => {
    event.preventDefault();
    forget();
    const id = roomIdIn(input.current?.value ?? "", location.host + BASE);
    if (!id) {
      invalid.value = true;
      input.current?.focus();
      return;
    }
    task.run(async () => {
      unknown.value = !(await roomExists(id));
      if (unknown.value) return "stays";
      location.assign(roomPath(id));
      return "leaves";
    });
  };

  return (
    <form class="join-room" noValidate onSubmit={join}>
      <div class="join-line">
        <input
          ref={input}
          class="input large"
          aria-label="Room link or id"
          aria-describedby="join-problem"
          aria-invalid={problem !== null}
          placeholder="Room link or id"
          defaultValue={check ?? ""}
          autocomplete="off"
          autocapitalize="off"
          spellcheck={false}
          enterkeyhint="go"
          onInput={forget}
        />
        <button class="button large" type="submit" aria-disabled={task.busy}>
          {task.busy ? "Looking…" : "Join"}
          {task.busy ? <span class="spinner" /> : <Icon of={ArrowRight} />}
        </button>
      </div>
      <p class="problem" id="join-problem" role="alert">
        {problem}
      </p>
      {unknown.value && (
        <div class="ways-on">
          <CreateRoom template={template} primary={false} />
          <button class="button large" type="button" onClick={() => input.current?.select()}>
            Check the link
          </button>
        </div>
      )}
    </form>
  );
}

const NOT_A_LINK = "This is no room link or id. A link ends in /r/ and the room’s id.";
const NOT_FOUND = "Room not found. The link may be mistyped or cut short.";
