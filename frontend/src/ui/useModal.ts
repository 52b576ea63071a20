import { useLayoutEffect, useRef } from "preact/hooks";

/**
 * Make a <dialog> modal for as long as it is rendered. Escape, a click beside it and a form with
 * method="dialog" inside it all call `onClose`; the browser then gives the focus back to the element
 * that had it. The element marked `data-first` gets the focus when the dialog opens.
 */
export function useModal(onClose: () => void) {
  const ref = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => {
    ref.current?.showModal();
    ref.current?.querySelector<HTMLElement>("[data-first]")?.focus();
  }, []);
  const onClick = (event: MouseEvent) => {
    if (event.target === ref.current) ref.current?.close();
  };
  return { close: () => ref.current?.close(), props: { ref, onClose, onClick } };
}
