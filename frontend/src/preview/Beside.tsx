import type { RoomContext } from "../feature";
import { NOT_LOADED } from "../frame/words";
import type { FileInfo } from "../link/protocol";
import { useLoaded } from "../ui/useLoaded";
import { isPreviewed, kindOfPreview, preview } from "./previewing";

/** Shows the preview beside the text when it is wanted. */
export function Beside({ room }: { room: RoomContext }) {
  const file = room.session.activeFile.value;
  const kind = file && isPreviewed(room, file) && kindOfPreview(file);
  return kind ? <Preview key={`${file.id} ${kind}`} room={room} file={file} kind={kind} /> : null;
}

function Preview({
  kind,
  ...props
}: {
  room: RoomContext;
  file: FileInfo;
  kind: "markdown" | "svg";
}) {
  const Shown = useLoaded(
    async () =>
      kind === "svg"
        ? (await import("./SvgPreview")).SvgPreview
        : (await import("./MarkdownPreview")).MarkdownPreview,
    () => {
      preview(props.room, props.file, false);
      props.room.session.say("warn", NOT_LOADED);
    },
  );
  return Shown && <Shown {...props} />;
}
