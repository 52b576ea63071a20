import type { WindowProps } from "../feature";
import { Badge } from "../ui/Badge";
import { findPaths } from "./fuzzy";
import { Picker } from "./Picker";

/** Any file of the room, by a few letters of its path. */
export function GoToFile({ room, query, onClose }: WindowProps) {
  const { session } = room;
  return (
    <Picker
      label="Go to file"
      placeholder="Go to file"
      query={query}
      none="No file is called that."
      choices={(written) =>
        // The file that is shown is the last one that somebody goes to.
        findPaths(session.files.value, written, session.tabs.recent.value.slice(1)).map(
          ({ id, path, letters }) => ({
            id,
            title: path,
            letters,
            icon: <Badge language={languageOf(id)} />,
          }),
        )
      }
      onChoose={(id) => session.open(id)}
      onClose={onClose}
    />
  );

  function languageOf(id: string): string {
    return session.files.peek().find((file) => file.id === id)?.language ?? "";
  }
}
