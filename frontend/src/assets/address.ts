import { at } from "../base";
import type { AssetInfo } from "../room/kind";

/** Return the address of an asset's bytes. The server makes sure that they never run as a page of ours. */
export function addressOf(room: string, { blob }: Pick<AssetInfo, "blob">): string {
  return at(`/rooms/${room}/blobs/${blob}`);
}

/** Return the address from which an asset is downloaded under its name. */
export function storedAt(room: string, { path }: Pick<AssetInfo, "path">): string {
  return at(`/rooms/${room}/files/${path.split("/").map(encodeURIComponent).join("/")}`);
}
