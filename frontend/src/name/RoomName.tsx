import { useComputed } from "@preact/signals";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { perform } from "../actions";
import { roomName } from "../address";
import type { RoomContext } from "../feature";
import { isTooLong, tidyName } from "../ui/names";
import { ROOM_NAME_LIMIT } from "./limit";
import { focusedBefore, renaming } from "./renaming";
import "./name.css";

/** Shows the room's name. A click or F2 lets the person change it. */
export function RoomName({ room }: { room: RoomContext }) {
  const { id, session } = room;
  const name = useComputed(() => session.facts.value.name).value ?? roomName(id);

  useEffect(
    () => () => {
      renaming.value = false;
    },
    [],
  );
  const end = (called: string | null) => {
    renaming.value = false;
    const tidy = tidyName(called ?? "", ROOM_NAME_LIMIT);
    if (tidy && tidy !== name) session.submit({ kind: "name", name: tidy });
    if (isTooLong(called ?? "", ROOM_NAME_LIMIT)) {
      session.say("warn", `The name was cut: a room’s has at most ${ROOM_NAME_LIMIT} characters.`);
    }
  };
  const endByKey = (called: string | null) => {
    end(called);
    focusedBefore.peek()?.focus();
  };

  return (
    <h1 class="room-name">
      {renaming.value ? (
        <NameField name={name} onEnd={end} onKey={endByKey} />
      ) : (
        <button
          class="quiet"
          type="button"
          aria-description="Click to rename the room"
          aria-disabled={session.phase.value !== "open"}
          onClick={() => perform("room.rename")}
        >
          <span class="room-name-text">{name}</span>
          <span class="tip tip-start" aria-hidden="true">
            Rename the room · F2
          </span>
        </button>
      )}
    </h1>
  );
}

interface FieldProps {
  name: string;
  /** Called with the written name when the field loses the focus. */
  onEnd(called: string): void;
  /** Called with the written name on Enter, and with null on Escape. */
  onKey(called: string | null): void;
}

function NameField({ name, onEnd, onKey }: FieldProps) {
  const input = useRef<HTMLInputElement>(null);
  const done = useRef(false);
  useLayoutEffect(() => input.current?.select(), []);

  const end = (how: () => void) => {
    if (done.current) return;
    done.current = true;
    how();
  };
  return (
    <input
      ref={input}
      class="input room-name-field"
      aria-label="Name of the room"
      defaultValue={name}
      autocomplete="off"
      spellcheck={false}
      enterkeyhint="done"
      onBlur={(event) => end(() => onEnd(event.currentTarget.value))}
      onKeyDown={(event) => {
        if (event.isComposing || (event.key !== "Enter" && event.key !== "Escape")) return;
        const called = event.key === "Enter" ? event.currentTarget.value : null;
        // Without this, the same key press would reach the element that gets the focus and put a new
        // line into the text.
        event.preventDefault();
        end(() => onKey(called));
      }}
    />
  );
}
