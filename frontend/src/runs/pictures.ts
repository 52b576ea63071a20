/** Shows the pictures of runs. */
import { writtenAt } from "./api";

/** Only an SVG has to be named as one: of other pictures the bytes say it. */
const SVG = /\.svg$/i;

/** Tell whether a file that a run wrote is a picture. `type` is the media type that its bytes show. */
export function isPicture(path: string, type: string): boolean {
  return type.startsWith("image/") || SVG.test(path);
}

/**
 * Show a picture that a run wrote. The server gives an SVG as a download alone, since as a page it could run
 * programs. As an image under an address of ours it can neither run nor load anything.
 */
export function showPicture(
  image: HTMLImageElement,
  room: string,
  run: number,
  path: string,
): void {
  const address = writtenAt(room, run, path);
  if (!SVG.test(path)) {
    image.src = address;
    return;
  }
  void fetch(address)
    .then((answer) => (answer.ok ? answer.arrayBuffer() : new ArrayBuffer()))
    .catch(() => new ArrayBuffer())
    .then((bytes) => {
      const shown = URL.createObjectURL(new Blob([bytes], { type: "image/svg+xml" }));
      const release = () => URL.revokeObjectURL(shown);
      image.addEventListener("load", release);
      image.addEventListener("error", release);
      image.src = shown;
    });
}
