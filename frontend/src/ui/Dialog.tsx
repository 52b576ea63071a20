import { X } from "lucide";
import type { ComponentChildren } from "preact";
import { useId } from "preact/hooks";
import { Icon } from "./Icon";
import { useModal } from "./useModal";

interface Props {
  title: string;
  /**
   * `wide` makes the dialog wider than usual; `aside` puts it beside the things that it changes, so
   * that these stay visible.
   */
  kind?: "wide" | "aside";
  onClose(): void;
  children: ComponentChildren;
}

/** A window with a heading and a close button. It is open for as long as it is rendered; see `useModal`. */
export function Dialog({ title, kind, onClose, children }: Props) {
  const { close, props } = useModal(onClose);
  const id = useId();
  return (
    <dialog {...props} class={kind} aria-labelledby={id}>
      <div class="dialog-body">
        <div class="dialog-head">
          <h2 id={id}>{title}</h2>
          <button class="icon-button" type="button" aria-label="Close" onClick={close}>
            <Icon of={X} />
          </button>
        </div>
        {children}
      </div>
    </dialog>
  );
}
