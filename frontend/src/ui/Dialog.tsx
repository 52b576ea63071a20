import { X } from "lucide";
import type { ComponentChildren } from "preact";
import { useId } from "preact/hooks";
import { Icon } from "./Icon";
import { useModal } from "./useModal";

interface Props {
  title: string;
  /** For what does not fit into the usual width. */
  wide?: boolean;
  onClose(): void;
  children: ComponentChildren;
}

/** A window with a heading and a cross, open for as long as it is rendered; see `useModal`. */
export function Dialog({ title, wide = false, onClose, children }: Props) {
  const { close, props } = useModal(onClose);
  const id = useId();
  return (
    <dialog {...props} class={wide ? "wide" : ""} aria-labelledby={id}>
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
