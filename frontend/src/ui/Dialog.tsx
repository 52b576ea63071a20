import { X } from "lucide";
import type { ComponentChildren } from "preact";
import { useId } from "preact/hooks";
import { Icon } from "./Icon";
import { useModal } from "./useModal";

interface Props {
  title: string;
  /** `wide` for what does not fit into the usual width; `aside` to leave what is changed in sight. */
  kind?: "wide" | "aside";
  onClose(): void;
  children: ComponentChildren;
}

/** A window with a heading and a cross, open for as long as it is rendered; see `useModal`. */
export function Dialog({ title, kind, onClose, children }: Props) {
  const { close, props } = useModal(onClose);
  const id = useId();
  return (
    <dialog {...props} class={kind} aria-labelledby={id}>
      <div class="dialog-body">
        <header class="dialog-head">
          <h2 id={id}>{title}</h2>
          <button class="icon-button" type="button" aria-label="Close" onClick={close}>
            <Icon of={X} />
          </button>
        </header>
        {children}
      </div>
    </dialog>
  );
}
