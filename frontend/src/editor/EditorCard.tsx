import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import type { RoomContext } from "../feature";
import { Parts } from "../frame/Parts";
import { NOT_LOADED } from "../frame/words";
import type { FileInfo } from "../link/protocol";
import type { AssetInfo } from "../room/kind";
import { FileName } from "../ui/FileName";
import { Skeleton } from "../ui/Skeleton";
import { useLoaded } from "../ui/useLoaded";

/** The card that shows the open file of the room; grey lines until its text arrives. */
export function EditorCard({ room }: { room: RoomContext }) {
  const { session } = room;
  const file = session.activeFile.value;
  const asset = session.activeAsset.value;
  const named = file ?? asset;
  // A room's only file cannot be closed, so it needs no tab.
  const alone = session.files.value.length < 2 && session.openFiles.value.length < 2;
  return (
    <main class="stage">
      <div class="card editor-card">
        <div class="tabs">
          {alone ? named && <h2 class="tab">{nameOf(named)}</h2> : <LazyTabs room={room} />}
          <Parts at="tabs" room={room} />
        </div>
        {session.phase.value === "outdated" && <Outdated />}
        {file && session.here.value.has(file.id) ? (
          <div class="views">
            <Editor key={file.id} file={file.id} room={room} />
            <Parts at="beside" room={room} />
          </div>
        ) : asset ? (
          <LazyAsset asset={asset} room={room} />
        ) : (
          <NoText room={room} file={file} />
        )}
      </div>
    </main>
  );
}

/** Shows the tabs of several files. Until the tabs are loaded, shows the name of the open file. */
function LazyTabs({ room }: { room: RoomContext }) {
  const Tabs = useLoaded(
    async () => (await import("./Tabs")).Tabs,
    () => {},
  );
  const file = room.session.activeFile.value ?? room.session.activeAsset.value;
  return (
    <>
      {file && <h2 class={Tabs ? "hidden" : "tab"}>{nameOf(file)}</h2>}
      {Tabs && <Tabs room={room} />}
    </>
  );
}

function nameOf({ path, language }: FileInfo) {
  return <FileName path={path} language={language} />;
}

function Editor({ file, room }: { file: string; room: RoomContext }) {
  const { session, editor } = room;
  const place = useRef<HTMLDivElement>(null);
  const focus = () => {
    const { wanted, recent } = session.tabs;
    const asked = wanted === file || recent.peek().length === 1;
    // A person who moves along the tabs with keys keeps the focus on the tabs.
    const amongTabs = document.activeElement?.closest("[role=tablist]");
    // On a touch screen the focus would bring up the keyboard although nobody asked for it.
    if (matchMedia("(pointer: fine)").matches && asked && !amongTabs) editor.peek()?.focus();
  };
  // A layout effect runs before the next key is heard: what is typed right after a click on a tab is
  // meant for this text.
  useLayoutEffect(() => {
    if (!place.current) return;
    const handle = session.attach(file, place.current);
    editor.value = handle;
    focus();
    return () => {
      editor.value = null;
      handle.destroy();
    };
  }, [file, session, editor]);
  // A dialog that closes just now has kept the focus from the text.
  useEffect(focus, [file]);

  const own = session.people.value.find(({ self }) => self);
  const style = own && { "--own": `var(--person-${own.colour})` };
  return <div class="editor" style={style} ref={place} />;
}

function LazyAsset(props: { asset: AssetInfo; room: RoomContext }) {
  const AssetView = useLoaded(
    async () => (await import("../assets/AssetView")).AssetView,
    () => props.room.session.say("warn", NOT_LOADED),
  );
  return AssetView ? <AssetView key={props.asset.blob} {...props} /> : <Skeleton />;
}

/**
 * Shows grey lines until a text arrives. Shows something else when there is no file to show, or when
 * there is something to read in the meantime.
 */
function NoText({ room, file }: { room: RoomContext; file: FileInfo | null }) {
  const { phase, unplaced, link } = room.session;
  const away = ["waiting", "offline"].includes(link.value.state);
  if ((phase.value === "open" && !file) || (unplaced.value && away)) {
    return <LazyNothing room={room} />;
  }
  return (
    <>
      {file && away && (
        <p class="banner" role="status">
          {file.path} is not on this device. It opens once you are connected.
        </p>
      )}
      <Skeleton />
    </>
  );
}

function LazyNothing({ room }: { room: RoomContext }) {
  const Nothing = useLoaded(
    async () => (await import("./Nothing")).Nothing,
    () => {},
  );
  return Nothing ? <Nothing room={room} /> : <Skeleton />;
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
