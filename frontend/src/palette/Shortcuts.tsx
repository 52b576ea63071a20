import { type Action, actions, SECTIONS, titleOf } from "../actions";
import { labelsOf, leavingKeys } from "../keyLabels";
import { settings } from "../settings/settings";
import { Dialog } from "../ui/Dialog";
import "./palette.css";

const REMARKS = {
  default: "",
  vim: "With the Vim keymap, keys that Vim has for something else are not listed. ",
  emacs: "With the Emacs keymap, keys that Emacs has for something else are not listed. ",
};

/** The sheet of all shortcuts. */
export function Shortcuts({ onClose }: { onClose(): void }) {
  const keyed = actions.value.filter((action) => labelsOf(action).length > 0);
  return (
    <Dialog title="Keyboard shortcuts" kind="wide" onClose={onClose}>
      <div class="sheet">
        {SECTIONS.map((section) => (
          <Part key={section} title={section} of={keyed.filter((one) => one.section === section)} />
        ))}
      </div>
      <p class="remark">
        {REMARKS[settings.keymap.value]}
        In the editor Tab indents, or accepts a suggestion. {leavingKeys()} leaves the editor.
      </p>
    </Dialog>
  );
}

function Part({ title, of }: { title: string; of: readonly Action[] }) {
  if (of.length === 0) return null;
  return (
    <section>
      <h3 class="label">{title}</h3>
      <dl>
        {of.map((action) => (
          <div key={action.id} class="sheet-line">
            <dt>{titleOf(action)}</dt>
            <dd>
              {labelsOf(action).map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
