import { useSignal } from "@preact/signals";
import { Check, Copy } from "lucide";
import { useRef } from "preact/hooks";
import { mayWrite } from "../access/standing";
import { roomPath } from "../address";
import type { RoomContext } from "../feature";
import { copyText } from "../ui/copy";
import { Icon } from "../ui/Icon";
import { howToClone } from "./words";

/** The command that clones this room, to copy. */
export function CloneField({ room }: { room: RoomContext }) {
  const field = useRef<HTMLInputElement>(null);
  const copied = useSignal(false);
  const standing = room.session.standing.value;
  const command = `git clone ${location.origin}${roomPath(room.id)}.git`;
  const words = howToClone(standing.open, mayWrite(standing));
  const copy = async () => {
    copied.value = await copyText(command);
    if (!copied.value) field.current?.select();
  };
  return (
    <div class="field">
      <span class="label">Git</span>
      <div class="link-line">
        <input
          ref={field}
          class="input"
          aria-label="Command that clones this room with Git"
          readOnly
          value={command}
          onFocus={(event) => event.currentTarget.select()}
        />
        <button class="button" type="button" onClick={copy}>
          <Icon of={copied.value ? Check : Copy} />
          {copied.value ? "Copied" : "Copy"}
          <span class="hidden"> the command</span>
        </button>
      </div>
      <span class="hidden" role="status">
        {copied.value ? "Command copied" : ""}
      </span>
      {words && <p class="remark">{words}</p>}
    </div>
  );
}
