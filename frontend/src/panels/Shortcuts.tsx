import { type Action, actions, keysOf, SECTIONS, titleOf } from "../actions";
import { keyLabel } from "../keys";
import { Dialog } from "../ui/Dialog";
import "../styles/palette.css";

/** Every key that does something, in one sheet. */
export function Shortcuts({ onClose }: { onClose(): void }) {
  const keyed = actions.value.filter((action) => keysOf(action).length > 0);
  return (
    <Dialog title="Keyboard shortcuts" kind="wide" onClose={onClose}>
      <div class="sheet">
        {SECTIONS.map((section) => (
          <Part key={section} title={section} of={keyed.filter((one) => one.section === section)} />
        ))}
      </div>
      <p class="remark">
        In the editor Tab indents, or accepts a suggestion. Escape, then Tab, leaves the editor.
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
              {keysOf(action).map((key) => (
                <kbd key={key}>{keyLabel(key)}</kbd>
              ))}
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
