/**
 * Draws ghost text with the style sheet, so that its letters are not in the page's text and cannot be
 * copied, found or read out. An announcement tells screen readers.
 */
import { GutterMarker, WidgetType } from "@codemirror/view";

/** Draws the ghost's first line after the caret, or its other lines between the caret's line and the next. */
export class GhostWidget extends WidgetType {
  readonly text: string;
  readonly block: boolean;

  constructor(text: string, block: boolean) {
    super();
    this.text = text;
    this.block = block;
  }

  override eq(other: GhostWidget): boolean {
    return other.text === this.text && other.block === this.block;
  }

  override toDOM(): HTMLElement {
    const element = document.createElement(this.block ? "div" : "span");
    element.className = this.block ? "cm-ghost cm-ghostBlock" : "cm-ghost";
    element.dataset.text = this.text;
    element.setAttribute("aria-hidden", "true");
    return element;
  }

  /** Let the editor treat a click on the ghost as a click on the text there. */
  override ignoreEvent(): boolean {
    return false;
  }
}

/** Marks the gutter beside the ghost's later lines, since they belong to the caret's line. */
class BesideGhost extends GutterMarker {
  override elementClass = "cm-activeLineGutter";
}
export const besideGhost = new BesideGhost();
