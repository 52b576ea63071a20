/** Ghost text on the screen. Screen readers are told by an announcement, and not by these. */
import { WidgetType } from "@codemirror/view";

abstract class GhostWidget extends WidgetType {
  readonly text: string;

  constructor(text: string) {
    super();
    this.text = text;
  }

  override eq(other: GhostWidget): boolean {
    return other.text === this.text;
  }

  protected element(tag: string, className: string): HTMLElement {
    const element = document.createElement(tag);
    element.className = className;
    element.textContent = this.text;
    element.setAttribute("aria-hidden", "true");
    return element;
  }

  override ignoreEvent(): boolean {
    return false;
  }
}

/** The first line, after the caret. */
export class InlineGhost extends GhostWidget {
  override toDOM(): HTMLElement {
    return this.element("span", "cm-ghost");
  }
}

/** The lines after it, between the caret's line and the next. */
export class BlockGhost extends GhostWidget {
  override get estimatedHeight(): number {
    return -1;
  }

  override get lineBreaks(): number {
    return this.text.split("\n").length;
  }

  override toDOM(): HTMLElement {
    return this.element("div", "cm-ghost cm-ghostBlock");
  }
}
