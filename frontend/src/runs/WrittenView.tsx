import { useSignal } from "@preact/signals";
import { Download, FileInput } from "lucide";
import { useEffect, useRef } from "preact/hooks";
import { sizeWords } from "../assets/kinds";
import type { RoomContext } from "../feature";
import { askerOf } from "../people/asker";
import { Icon } from "../ui/Icon";
import { Tip } from "../ui/Tip";
import { useLoaded } from "../ui/useLoaded";
import { listWritten, takeWritten, type Written, writtenAt } from "./api";
import type { RunState } from "./messages";
import { isPicture, showPicture } from "./pictures";
import "./tests.css";

interface Props {
  room: RoomContext;
  run: RunState;
}

/** The files that a run wrote, which people can look at and take into the room. */
export function WrittenView({ room, run }: Props) {
  const failed = useSignal(false);
  const taking = useSignal<ReadonlySet<string>>(new Set());
  const files = useLoaded(
    () => listWritten(room.id, run.run),
    () => {
      failed.value = true;
    },
  );
  if (failed.value) {
    return <p class="pane-empty output-empty">The files could not be read. Try again online.</p>;
  }
  const kept = (files ?? []).filter(({ kept }) => kept);
  const take = async (all: readonly Written[]) => {
    taking.value = new Set([...taking.peek(), ...all.map(({ path }) => path)]);
    let taken = 0;
    try {
      for (const { path } of all) {
        await takeWritten(room.id, run.run, path, askerOf(room));
        taken++;
      }
      const [first] = all;
      const words = all.length === 1 ? `“${first?.path}” is` : `${all.length} files are`;
      room.session.say("info", `${words} in the room now.`);
    } catch (error) {
      const why = error instanceof Error ? error.message : "";
      room.session.say("warn", `“${all[taken]?.path}” could not be taken. ${why}`);
    }
    const rest = new Set(taking.peek());
    for (const { path } of all) rest.delete(path);
    taking.value = rest;
  };
  return (
    <ul class="run-list" aria-label="Files that the program wrote">
      {files?.map((file) => (
        <li key={file.path} class="written-row">
          {isPicture(file.path, file.type) && file.kept && (
            <Picture room={room.id} run={run.run} path={file.path} />
          )}
          {file.kept ? (
            <a
              class="written-name"
              href={writtenAt(room.id, run.run, file.path)}
              target="_blank"
              rel="noopener"
            >
              {file.path}
            </a>
          ) : (
            <span class="written-name">{file.path}</span>
          )}
          <span class="run-about">
            {sizeWords(file.size)}
            {!file.kept && " · too large to be kept"}
          </span>
          {file.kept && (
            <>
              <a
                class="icon-button"
                href={writtenAt(room.id, run.run, file.path)}
                download={file.path.replace(/^.*\//, "")}
              >
                <Icon of={Download} />
                <Tip>Download {file.path}</Tip>
              </a>
              <button
                class="button small"
                type="button"
                aria-disabled={taking.value.has(file.path)}
                onClick={() => !taking.peek().has(file.path) && void take([file])}
              >
                <Icon of={FileInput} size={14} />
                Take<span class="wide-only"> into the room</span>
              </button>
            </>
          )}
        </li>
      ))}
      {kept.length > 1 && (
        <li class="written-row">
          <button
            class="link"
            type="button"
            aria-disabled={taking.value.size > 0}
            onClick={() => taking.peek().size === 0 && void take(kept)}
          >
            Take all {kept.length}
          </button>
        </li>
      )}
    </ul>
  );
}

function Picture({ room, run, path }: { room: string; run: number; path: string }) {
  const image = useRef<HTMLImageElement>(null);
  useEffect(() => {
    if (image.current) showPicture(image.current, room, run, path);
  }, [room, run, path]);
  return <img ref={image} alt="" loading="lazy" />;
}
