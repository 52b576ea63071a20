import { useSignal } from "@preact/signals";
import { Download, File } from "lucide";
import type { RoomContext } from "../feature";
import type { AssetInfo } from "../room/kind";
import { Icon } from "../ui/Icon";
import { addressOf, storedAt } from "./address";
import { kindOf, sizeWords } from "./kinds";
import { Picture } from "./Picture";
import "./assets.css";

interface Props {
  asset: AssetInfo;
  room: RoomContext;
}

/** Shows an asset in place of the editor: an image, a player, or a card that describes it. */
export function AssetView({ asset, room }: Props) {
  const failed = useSignal(false);
  const name = asset.path.replace(/^.*\//, "");
  const { shown, words } = kindOf(name);
  const address = addressOf(room.id, asset);
  const fail = () => {
    failed.value = true;
  };
  const link = (
    <a class="button" href={storedAt(room.id, asset)} download={name}>
      <Icon of={Download} />
      Download
    </a>
  );
  const about = `${words} · ${sizeWords(asset.size)}`;
  if (shown === "image" && !failed.value) {
    return <Picture src={address} name={name} about={about} aside={link} onFail={fail} />;
  }
  return (
    <div class="asset">
      <div class="asset-card">
        <Icon of={File} size={32} />
        <h3>{name}</h3>
        <p class="muted">{about}</p>
        {shown === "nothing" && <p class="muted">It is not shown here. Download it to open it.</p>}
        {failed.value && <p role="alert">It could not be shown.</p>}
        {shown === "audio" && !failed.value && (
          // biome-ignore lint/a11y/useMediaCaption: people's own sounds have none
          <audio controls preload="metadata" src={address} onError={fail} aria-label={name} />
        )}
        {shown === "video" && !failed.value && (
          // biome-ignore lint/a11y/useMediaCaption: people's own films have none
          <video controls preload="metadata" src={address} onError={fail} aria-label={name} />
        )}
        {link}
      </div>
    </div>
  );
}
