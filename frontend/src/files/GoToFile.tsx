import type { WindowProps } from "../feature";
import { ASSET } from "../room/kind";
import { KindOfFile } from "../ui/FileName";
import { Picker } from "../ui/Picker";
import { findPaths } from "./fuzzy";
import { filesOf } from "./store";

/** Lets the person find any file of the room by a few letters of its path. */
export function GoToFile({ room, query, onClose }: WindowProps) {
  const { session } = room;
  const { assets } = filesOf(room);
  return (
    <Picker
      label="Go to file"
      placeholder="Go to file"
      query={query}
      none="No file is called that."
      choices={(written) =>
        // The shown file comes last: nobody needs to go to it.
        findPaths(
          [...session.files.value, ...assets.value],
          written,
          session.tabs.recent.value.slice(1),
        ).map(({ id, path, letters }) => ({
          id,
          title: path,
          letters,
          icon: <KindOfFile path={path} language={languageOf(id)} />,
        }))
      }
      onChoose={(id) => session.open(id)}
      onClose={onClose}
    />
  );

  function languageOf(id: string): string {
    return session.files.peek().find((file) => file.id === id)?.language ?? ASSET;
  }
}
