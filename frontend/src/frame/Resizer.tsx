import { NARROWEST, resizeSide, sideWidth, WIDEST } from "./side";

const STEP = 16;

/** The edge of the side panel: dragged, or moved with the arrow keys. */
export function Resizer() {
  const width = sideWidth.value;
  const drag = (event: PointerEvent & { currentTarget: HTMLElement }) => {
    const handle = event.currentTarget;
    const edge = sideWidth.peek() + event.clientX;
    handle.setPointerCapture(event.pointerId);
    handle.onpointermove = ({ clientX }) => resizeSide(edge - clientX);
    handle.onlostpointercapture = () => {
      handle.onpointermove = null;
    };
    event.preventDefault();
  };
  const press = (event: KeyboardEvent) => {
    const to = {
      ArrowLeft: width + STEP,
      ArrowRight: width - STEP,
      Home: WIDEST,
      End: NARROWEST,
    }[event.key];
    if (to === undefined) return;
    resizeSide(to);
    event.preventDefault();
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: a separator that moves is a widget, which <hr> is not.
    <div
      class="resizer wide-only"
      role="separator"
      aria-orientation="vertical"
      aria-label="Width of the panel"
      aria-valuenow={width}
      aria-valuemin={NARROWEST}
      aria-valuemax={WIDEST}
      tabIndex={0}
      onPointerDown={drag}
      onKeyDown={press}
    />
  );
}
