import { useSignal, useSignalEffect } from "@preact/signals";
import type { RefObject } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { RoomContext } from "../feature";
import { pathTo } from "../files/links";
import { writtenAt } from "./api";
import type { Output } from "./output";
import { showPicture } from "./pictures";
import type { Ran } from "./ran";
import { OutputText as Shown } from "./text";

interface Props {
  room: RoomContext;
  output: Output;
  ran: Ran;
  /** Is set to the text on the screen. */
  shown: RefObject<Shown | null>;
}

/** The text of a run's output. It grows as chunks come in, and never draws one again. */
export function OutputText({ room, output, ran, shown }: Props) {
  const place = useRef<HTMLDivElement>(null);
  const drawn = useSignal(0);
  const own = useRef<Shown | null>(null);
  useEffect(() => {
    if (!place.current) return;
    const text = new Shown(place.current, {
      address(found) {
        const path = ran.pathOf(found.path);
        return path && pathTo(room.id, path, { from: found.line, to: found.line });
      },
      picture: (path) => writtenAt(room.id, output.run, path),
      show: (image, path) => showPicture(image, room.id, output.run, path),
      follow(found) {
        const path = ran.pathOf(found.path);
        if (path) void ran.goTo({ ...found, path });
      },
    });
    own.current = shown.current = text;
    drawn.value = output.cleared.peek();
    // A path that names a file of that time may name none of today.
    ran.files().then(
      () => own.current === text && text.relink(),
      () => {},
    );
    return () => {
      text.destroy();
      own.current = null;
      // The text of the next run may be on the screen by now.
      if (shown.current === text) shown.current = null;
    };
  }, []);
  useSignalEffect(() => {
    const count = output.count.value;
    for (let at = drawn.value; at < count; at++) own.current?.add(output.chunks[at] ?? []);
    drawn.value = count;
  });
  return <div class="output-text" ref={place} role="log" aria-live="off" aria-label="Output" />;
}
