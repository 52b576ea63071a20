import { useEffect, useRef } from "preact/hooks";

/** The time in ms that a finger must rest, and the distance in CSS pixels that it may move meanwhile. */
const LONG = 500;
const MOST = 10;

/**
 * Return handlers for an element that call `act` when a finger rests on it, and that ignore the click
 * which follows.
 */
export function useLongPress(act: (x: number, y: number) => void) {
  const timer = useRef(0);
  const start = useRef<[number, number]>([0, 0]);
  const pressed = useRef(false);
  const stop = () => clearTimeout(timer.current);
  useEffect(() => stop, []);
  return {
    onPointerDown: (event: PointerEvent) => {
      pressed.current = false;
      if (event.pointerType !== "touch") return;
      const { clientX: x, clientY: y } = event;
      start.current = [x, y];
      stop();
      timer.current = window.setTimeout(() => {
        pressed.current = true;
        act(x, y);
      }, LONG);
    },
    onPointerMove: ({ clientX, clientY }: PointerEvent) => {
      const [x, y] = start.current;
      if (Math.hypot(clientX - x, clientY - y) > MOST) stop();
    },
    onPointerUp: stop,
    onPointerCancel: stop,
    onClickCapture: (event: MouseEvent) => {
      if (pressed.current) event.stopImmediatePropagation();
      pressed.current = false;
    },
  };
}
