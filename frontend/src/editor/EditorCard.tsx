import { useEffect, useRef } from "preact/hooks";
import type { RoomContext } from "../feature";
import { Parts } from "../frame/Parts";
import type { FileInfo } from "../link/protocol";
import type { RoomSession } from "../session";
import { FileName } from "../ui/FileName";
import { Skeleton } from "../ui/Skeleton";
import { useLoaded } from "../ui/useLoaded";
import type { Unplaced as Texts } from "../work/opening";

/** The file of the room in its card; grey lines until it is here. */
export function EditorCard({ room }: { room: RoomContext }) {
  const { session } = room;
  const file = session.activeFile.value;
  // The only file of a room cannot be closed, and needs no tab beside others.
  const alone = session.files.value.length < 2;
  return (
    <main class="stage">
      <div class="card editor-card">
        <div class="tabs">
          {alone ? file && <h2 class="tab">{named(file)}</h2> : <LazyTabs room={room} />}
          <Parts at="tabs" room={room} />
        </div>
        {session.phase.value === "outdated" && <Outdated />}
        {file ? <Editor key={file.id} file={file.id} room={room} /> : <NoFile session={session} />}
      </div>
    </main>
  );
}

/** The tabs of several files. Until they are here, the name of the one that is shown. */
function LazyTabs({ room }: { room: RoomContext }) {
  const Tabs = useLoaded(
    async () => (await import("./Tabs")).Tabs,
    () => {},
  );
  const file = room.session.activeFile.value;
  return (
    <>
      {file && <h2 class={Tabs ? "hidden" : "tab"}>{named(file)}</h2>}
      {Tabs && <Tabs room={room} />}
    </>
  );
}

function named({ path, language }: FileInfo) {
  return <FileName path={path} language={language} />;
}

function Editor({ file, room }: { file: string; room: RoomContext }) {
  const { session, editor } = room;
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!place.current) return;
    const handle = session.attach(file, place.current);
    editor.value = handle;
    const { wanted, recent } = session.tabs;
    const asked = wanted === file || recent.peek().length === 1;
    // Who goes along the tabs with keys goes on from there.
    const amongTabs = document.activeElement?.closest("[role=tablist]");
    // On a touch screen the focus would bring up the keyboard, unasked.
    if (matchMedia("(pointer: fine)").matches && asked && !amongTabs) handle.focus();
    return () => {
      editor.value = null;
      handle.destroy();
    };
  }, [file, session, editor]);

  const own = session.people.value.find(({ self }) => self);
  const style = own && { "--own": `var(--person-${own.colour})` };
  return <div class="editor" style={style} ref={place} />;
}

/** Grey lines, unless there is something to read while there is no connection. */
function NoFile({ session }: { session: RoomSession }) {
  const { value: unplaced } = session.unplaced;
  const away = ["waiting", "offline"].includes(session.link.value.state);
  return unplaced && away ? <LazyUnplaced {...unplaced} /> : <Skeleton />;
}

function LazyUnplaced(props: Texts) {
  const Unplaced = useLoaded(
    async () => (await import("./Unplaced")).Unplaced,
    () => {},
  );
  return Unplaced ? <Unplaced {...props} /> : <Skeleton />;
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
