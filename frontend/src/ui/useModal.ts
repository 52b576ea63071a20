import { useLayoutEffect, useRef } from "preact/hooks";

/**
 * What makes a <dialog> modal for as long as it is rendered. Escape, a click beside it and a form with
 * method="dialog" in it all end in `onClose`; the browser gives the focus back to where it was.
 * What is marked `data-first` has the focus at first.
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
