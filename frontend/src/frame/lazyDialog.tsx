import type { FunctionComponent } from "preact";
import type { Dialog, WindowProps } from "../feature";
import { useLoaded } from "../ui/useLoaded";

/** A dialog whose window is loaded when it is first wanted. */
export function lazyDialog(
  id: string,
  load: () => Promise<FunctionComponent<WindowProps>>,
): Dialog {
  function Lazy(props: WindowProps) {
    const Window = useLoaded(load, () => {
      props.onClose();
      props.onFail();
    });
    return Window && <Window {...props} />;
  }
  return { id, Window: Lazy, fetch: load };
}
