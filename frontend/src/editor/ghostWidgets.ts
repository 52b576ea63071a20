/**
 * Ghost text on the screen. Its letters are drawn by the style sheet, so that not even the page's text
 * has them: they cannot be copied, found or read out. Screen readers are told by an announcement.
 */
import { GutterMarker, WidgetType } from "@codemirror/view";

/** The first line, after the caret; or those after it, between the caret's line and the next. */
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

  /** A click on it is one on the text there. */
  override ignoreEvent(): boolean {
    return false;
  }
}

/** The gutter beside the lines after the first: they are a part of the caret's line. */
class BesideGhost extends GutterMarker {
  override elementClass = "cm-activeLineGutter";
}
export const besideGhost = new BesideGhost();
