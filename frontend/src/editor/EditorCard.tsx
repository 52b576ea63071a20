import type { Signal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { FollowBanner } from "../people/FollowBanner";
import type { Following } from "../people/following";
import type { EditorHandle, RoomSession } from "../session";
import { FileName } from "../ui/FileName";
import { Skeleton } from "../ui/Skeleton";

interface Props {
  session: RoomSession;
  editor: Signal<EditorHandle | null>;
  following: Following;
}

/** The file of the room in its card; grey lines until it is here. */
export function EditorCard({ session, editor, following }: Props) {
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
          <FollowBanner following={following} />
        </div>
        {session.phase.value === "outdated" && <Outdated />}
        {file ? (
          <Editor key={file.id} file={file.id} session={session} editor={editor} />
        ) : (
          <Skeleton />
        )}
      </div>
    </main>
  );
}

type EditorProps = Omit<Props, "following"> & { file: string };

function Editor({ file, session, editor }: EditorProps) {
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
