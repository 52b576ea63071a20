/** Tell whether the person points with a finger. */
export function isTouch(): boolean {
  return matchMedia("(pointer: coarse)").matches;
}
