import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { Picture } from "../assets/Picture";
import type { RoomContext } from "../feature";
import type { FileInfo } from "../link/protocol";
import { svgAddress } from "./svg";
import { whenTyped } from "./whenTyped";
import "./preview.css";

/** Shows the text of an SVG file as an image. */
export function SvgPreview({ room, file }: { room: RoomContext; file: FileInfo }) {
  const text = useSignal<string | null>(null);
  const broken = useSignal(false);
  useEffect(
    () =>
      whenTyped(room, file.id, (typed) => {
        text.value = typed;
        broken.value = false;
      }),
    [room, file.id],
  );
  const name = file.path.replace(/^.*\//, "");
  return (
    <section class="reading" aria-label={`Preview of ${file.path}`}>
      {text.value !== null && !broken.value && (
        <Picture
          src={svgAddress(text.value)}
          name={name}
          about="SVG image"
          onFail={() => {
            broken.value = true;
          }}
        />
      )}
      {broken.value && <p class="preview-note">This is no image yet.</p>}
    </section>
  );
}
