import { useEffect, useRef } from "preact/hooks";
import type { RoomContext } from "../feature";
import { Parts } from "../frame/Parts";
import { FileName } from "../ui/FileName";
import { Skeleton } from "../ui/Skeleton";

/** The file of the room in its card; grey lines until it is here. */
export function EditorCard({ room }: { room: RoomContext }) {
  const { session } = room;
  const file = session.activeFile.value;
  return (
    <main class="stage">
      <div class="card editor-card">
        <div class="tabs">
          {file && (
            <h2 class="tab">
              <FileName path={file.path} language={file.language} />
            </h2>
          )}
          <Parts at="tabs" room={room} />
        </div>
        {session.phase.value === "outdated" && <Outdated />}
        {file ? <Editor key={file.id} file={file.id} room={room} /> : <Skeleton />}
      </div>
    </main>
  );
}

function Editor({ file, room }: { file: string; room: RoomContext }) {
  const { session, editor } = room;
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!place.current) return;
    const handle = session.attach(file, place.current);
    editor.value = handle;
    // On a touch screen the focus would bring up the keyboard, unasked.
    if (matchMedia("(pointer: fine)").matches) handle.focus();
    return () => {
      editor.value = null;
      handle.destroy();
    };
  }, [file, session, editor]);

  const own = session.people.value.find(({ self }) => self);
  const style = own && { "--own": `var(--person-${own.colour})` };
  return <div class="editor" style={style} ref={place} />;
}

function Outdated() {
  return (
    <div class="banner" role="alert">
      <p>
        <strong>New version.</strong> Collab has been updated while this page was open. Reload it to
        go on.
      </p>
      <button class="button small primary" type="button" onClick={() => location.reload()}>
        Reload
      </button>
    </div>
  );
}
