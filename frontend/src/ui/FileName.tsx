import { File, Image } from "lucide";
import { kindOf } from "../assets/kinds";
import type { Language } from "../link/protocol";
import { ASSET } from "../room/kind";
import { Badge } from "./Badge";
import { Icon } from "./Icon";

/** Shows a file or an asset as its badge and its name. */
export function FileName({ path, language }: { path: string; language: Language }) {
  return (
    <span class="file-name">
      <KindOfFile path={path} language={language} />
      {path}
    </span>
  );
}

/** Shows the badge of a file's language, or the icon of an asset. */
export function KindOfFile({ path, language }: { path: string; language: Language }) {
  return language === ASSET ? <AssetIcon name={path} size={14} /> : <Badge language={language} />;
}

/** Shows whether an asset is an image or something else. */
export function AssetIcon({ name, size }: { name: string; size?: number }) {
  return <Icon of={kindOf(name).shown === "image" ? Image : File} {...(size && { size })} />;
}
