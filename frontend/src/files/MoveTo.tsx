import { Folder } from "lucide";
import type { WindowProps } from "../feature";
import { ROOT } from "../room/tree";
import { Icon } from "../ui/Icon";
import { Picker } from "../ui/Picker";
import { findPaths } from "./fuzzy";
import { filesOf } from "./store";

const TOP = "The room itself";

/** Lets the person choose the folder that the chosen nodes are moved to. */
export function MoveTo({ room, query, onClose }: WindowProps) {
  const store = filesOf(room);
  const ids = store.chosen.map(({ id }) => id);
  const label =
    ids.length === 1
      ? `Move “${store.chosen[0]?.name}” to`
      : `Move ${ids.length} files and folders to`;
  const folders = () => {
    const tree = store.tree.value;
    const all = tree.all.filter(({ kind }) => kind === "folder");
    const fit = all.filter(({ id }) => !ids.some((moved) => tree.isWithin(id, moved)));
    return [{ id: ROOT, path: TOP }, ...fit.map(({ id }) => ({ id, path: tree.path(id) }))];
  };
  return (
    <Picker
      label={label}
      placeholder={label}
      query={query}
      none="No folder is called that."
      choices={(written) =>
        findPaths(folders(), written, []).map(({ id, path, letters }) => ({
          id,
          title: path,
          letters,
          icon: <Icon of={Folder} />,
        }))
      }
      onChoose={(folder) => store.move(ids, folder)}
      onClose={onClose}
    />
  );
}
