import { useSignal } from "@preact/signals";
import type { WindowProps } from "../feature";
import { filesOf } from "../files/store";
import { Dialog } from "../ui/Dialog";
import { addFromGit } from "./adding";
import { GitFields } from "./GitFields";
import type { Conflict } from "./server";

const CHOICES: Readonly<Record<Conflict, string>> = {
  keep: "Keep both",
  replace: "Replace",
  skip: "Skip",
};

/** Asks for the address of a public repository, and adds its files to the room. */
export function GitWindow({ room, onClose }: WindowProps) {
  const conflict = useSignal<Conflict>("keep");
  const store = filesOf(room);
  const folder = store.folder;
  const path = store.tree.value.path(folder);
  return (
    <Dialog title="Import from Git" onClose={onClose}>
      <GitFields
        button="Import"
        onGive={(url) => {
          onClose();
          void addFromGit(room, url, folder, conflict.value);
        }}
      >
        <fieldset class="transfer-choices">
          <legend class="label">If a name is taken</legend>
          {Object.entries(CHOICES).map(([id, title]) => (
            <label key={id}>
              <input
                type="radio"
                name="conflict"
                checked={conflict.value === id}
                onChange={() => {
                  conflict.value = id as Conflict;
                }}
              />
              {title}
            </label>
          ))}
        </fieldset>
        <p class="remark">
          The files come into {path ? `the folder ${path}` : "the room"}, as the newest commit has
          them. History, submodules and links are left out.
        </p>
      </GitFields>
    </Dialog>
  );
}
