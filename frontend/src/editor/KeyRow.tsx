import type { Command } from "@codemirror/view";
import type { ReadonlySignal } from "@preact/signals";
import { ArrowLeft, ArrowRight, type IconNode, Redo2, Sparkles, Undo2 } from "lucide";
import type { ComponentChildren } from "preact";
import { perform } from "../actions";
import type { EditorHandle } from "../session";
import { suggestionShown } from "../suggestions";
import { Icon } from "../ui/Icon";
import { KEYS, MOVES } from "./keyRow";

const ICONS: { icon: IconNode; name: string; command: Command }[] = [
  { icon: Undo2, name: "Undo", command: MOVES.undo },
  { icon: Redo2, name: "Redo", command: MOVES.redo },
  { icon: ArrowLeft, name: "Left", command: MOVES.left },
  { icon: ArrowRight, name: "Right", command: MOVES.right },
];

interface Props {
  editor: ReadonlySignal<EditorHandle | null>;
}

/**
 * Offers the keys that the keyboard of a touch screen lacks or hides. It is shown while the person
 * types on such a keyboard.
 */
export function KeyRow({ editor }: Props) {
  const handle = editor.value;
  if (!handle?.focused.value) return null;
  const suggestion = suggestionShown.value;
  return (
    <section class="key-row" aria-label="Keys">
      {suggestion && (
        <>
          <Key name="Accept the suggestion" accent onPress={() => perform("suggest.accept")}>
            <Icon of={Sparkles} />
            Accept
          </Key>
          <Key
            name="Accept a word of the suggestion"
            onPress={() => perform("suggest.accept-word")}
          >
            Word
          </Key>
          {suggestion.count > 1 && (
            <Key
              name={`${suggestion.number} of ${suggestion.count}: show the next suggestion`}
              onPress={() => perform("suggest.next")}
            >
              {`${suggestion.number} of ${suggestion.count}`}
            </Key>
          )}
        </>
      )}
      {KEYS.slice(0, 2).map(({ label, name, command }) => (
        <Key key={name} name={name} onPress={() => handle.perform(command)}>
          {label}
        </Key>
      ))}
      {ICONS.map(({ icon, name, command }) => (
        <Key key={name} name={name} onPress={() => handle.perform(command)}>
          <Icon of={icon} />
        </Key>
      ))}
      {KEYS.slice(2).map(({ label, name, command }) => (
        <Key key={name} name={name} onPress={() => handle.perform(command)}>
          {label}
        </Key>
      ))}
    </section>
  );
}

interface KeyProps {
  name: string;
  /** Makes the key stand out. */
  accent?: boolean;
  onPress(): void;
  children: ComponentChildren;
}

function Key({ name, accent = false, onPress, children }: KeyProps) {
  return (
    <button
      class={accent ? "key key-accent" : "key"}
      type="button"
      tabIndex={-1}
      aria-label={name}
      // Keep the focus, and with it the on-screen keyboard, where it is.
      onPointerDown={(event) => event.preventDefault()}
      onMouseDown={(event) => event.preventDefault()}
      onClick={onPress}
    >
      {children}
    </button>
  );
}
