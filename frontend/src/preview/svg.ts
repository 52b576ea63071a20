/** Return the address under which an SVG is shown as an image. There it can neither run nor load anything. */
export function svgAddress(text: string): string {
  return `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;
}
