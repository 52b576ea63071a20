import { resize, SIZES, type Side, sizes } from "./open";

const STEP = 16;

/** The edge between a pane and the editor: dragged, or moved with the arrow keys. */
export function Resizer({ side }: { side: Side }) {
  const size = sizes[side].value;
  const { least, most } = SIZES[side];
  const { label, at, keys, orientation } = EDGES[side];
  const drag = (event: PointerEvent & { currentTarget: HTMLElement }) => {
    const handle = event.currentTarget;
    const start = sizes[side].peek() - at(event);
    handle.setPointerCapture(event.pointerId);
    handle.onpointermove = (moved) => resize(side, start + at(moved));
    handle.onlostpointercapture = () => {
      handle.onpointermove = null;
    };
    event.preventDefault();
  };
  const press = (event: KeyboardEvent) => {
    const [larger, smaller, largest, smallest] = keys;
    const to = {
      [larger]: size + STEP,
      [smaller]: size - STEP,
      [largest]: most,
      [smallest]: least,
    }[event.key];
    if (to === undefined) return;
    resize(side, to);
    event.preventDefault();
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: a separator that moves is a widget, which <hr> is not.
    <div
      class="resizer wide-only"
      role="separator"
      aria-orientation={orientation}
      aria-label={label}
      aria-valuenow={size}
      aria-valuemin={least}
      aria-valuemax={most}
      tabIndex={0}
      onPointerDown={drag}
      onKeyDown={press}
    />
  );
}

interface Edge {
  label: string;
  orientation: "vertical" | "horizontal";
  /** Returns the place of a pointer, growing with the size. */
  at(event: PointerEvent): number;
  /** The keys for a larger and a smaller size, for the largest and the smallest. */
  keys: readonly [string, string, string, string];
}

/** Home and End move an edge to the start and the end of the screen. */
const EDGES: Readonly<Record<Side, Edge>> = {
  left: {
    label: "Width of the left panel",
    orientation: "vertical",
    at: ({ clientX }) => clientX,
    keys: ["ArrowRight", "ArrowLeft", "End", "Home"],
  },
  right: {
    label: "Width of the panel",
    orientation: "vertical",
    at: ({ clientX }) => -clientX,
    keys: ["ArrowLeft", "ArrowRight", "Home", "End"],
  },
  bottom: {
    label: "Height of the bottom panel",
    orientation: "horizontal",
    at: ({ clientY }) => -clientY,
    keys: ["ArrowUp", "ArrowDown", "Home", "End"],
  },
};
