/** Lists the actions that bring files into the room and out of it. */
import { CopyPlus, Download, FileUp, FolderGit2, FolderUp, type IconNode } from "lucide";
import { render } from "preact";
import type { Action } from "../actions";
import type { RoomContext } from "../feature";
import { filesOf } from "../files/store";
import { openDialog } from "../frame/dialogs";
import type { NodeId, TreeNode } from "../room/tree";
import { download } from "../ui/download";
import type { MenuItem } from "../ui/Menu";
import { Adding } from "./Adding";
import { addFiles } from "./adding";
import { chosen } from "./gather";
import { contentOf, zipAt } from "./server";

export function transferActions(room: RoomContext): Action[] {
  const isOpen = () => room.session.phase.value === "open";
  const action = (id: string, title: string, icon: IconNode, words: string, run: () => void) => ({
    id,
    title,
    icon,
    words,
    section: "File" as const,
    enabled: isOpen,
    run,
  });
  const folder = () => filesOf(room).folder;
  return [
    {
      ...action(
        "file.add",
        "Add files from this device…",
        FileUp,
        "import upload open zip pick",
        () => pick(room, folder(), "files"),
      ),
      more: 5.1,
    },
    action(
      "folder.add",
      "Add a folder from this device…",
      FolderUp,
      "import upload directory",
      () => pick(room, folder(), "folder"),
    ),
    {
      ...action("file.git", "Import from Git…", FolderGit2, "clone repository github gitlab", () =>
        openDialog("git"),
      ),
      more: 5.2,
    },
    {
      ...action(
        "room.download",
        "Download all files as a zip",
        Download,
        "save export archive",
        () => save(zipAt(room.id, "")),
      ),
      more: 4.1,
    },
    {
      ...action("room.copy", "Copy this room…", CopyPlus, "duplicate fork clone history", () =>
        openDialog("copy"),
      ),
      section: "Room",
      more: 6.5,
    },
  ];
}

/** Return the same actions for the menu at the head of the tree. */
export function transferMenu(room: RoomContext): MenuItem[] {
  return transferActions(room)
    .filter(({ section }) => section === "File")
    .map(({ title, icon, run }) => ({ title: String(title), icon: icon ?? Download, run }));
}

/** Return the menu item that downloads a node. */
export function downloadItem(room: RoomContext, node: TreeNode): MenuItem {
  const path = filesOf(room).tree.peek().path(node.id);
  return { title: "Download", icon: Download, run: () => give() };

  function give(): void {
    if (node.kind === "folder") save(zipAt(room.id, path));
    else if (node.kind === "asset" || !room.session.hasText(node.id)) {
      save(contentOf(room.id, path), node.name);
    } else download(node.name, room.session.textOf(node.id));
  }
}

/** Let the person choose files or a folder of the device, and add them. */
export function pick(room: RoomContext, folder: NodeId, what: "files" | "folder"): void {
  const field = document.createElement("input");
  field.type = "file";
  field.multiple = true;
  field.webkitdirectory = what === "folder";
  field.onchange = () => {
    const files = [...(field.files ?? [])];
    void addFiles(room, async () => chosen(files), folder);
  };
  field.click();
}

/** Show the progress of added files on the page of this room. */
export function showAdding(): () => void {
  const place = document.createElement("div");
  document.body.append(place);
  render(<Adding />, place);
  return () => {
    render(null, place);
    place.remove();
  };
}

/** Let the browser download an address of our server. */
function save(address: string, name = ""): void {
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
}
