/**
 * What is no part of the first load. It comes as soon as the editor is there, so that typing does not
 * wait for it; the element says when it is complete.
 */
import { type Extension, Facet, StateEffect } from "@codemirror/state";
import { type Command, EditorView, ViewPlugin } from "@codemirror/view";

const PARTS = {
  assist: () => import("./assist"),
  carets: () => import("./caretLayers"),
  search: () => import("./search"),
};
type Parts = { [Name in keyof typeof PARTS]: Awaited<ReturnType<(typeof PARTS)[Name]>> };
const arrived: Partial<Parts> = {};

export function extras(): Extension {
  return ViewPlugin.define((view) => {
    const timer = setTimeout(() => bringAll(view));
    return { destroy: () => clearTimeout(timer) };
  });
}

async function bringAll(view: EditorView): Promise<void> {
  try {
    const names = Object.keys(PARTS) as (keyof Parts)[];
    await Promise.all(names.map((name) => bring(view, name)));
    add(view, "all", EditorView.editorAttributes.of({ "data-complete": "true" }));
  } catch {
    // Without a network now; a command that wants a part asks for it again.
  }
}

/** A command of a part. It runs at once, before the next key, unless the part is still on its way. */
export function later<Name extends keyof Parts>(
  name: Name,
  pick: (part: Parts[Name]) => Command,
): Command {
  return (view) => {
    const here = arrived[name];
    if (here && has(view, name)) {
      pick(here)(view);
      return true;
    }
    bring(view, name).then(
      (part) => pick(part)(view),
      () => {},
    );
    return true;
  };
}

async function bring<Name extends keyof Parts>(view: EditorView, name: Name): Promise<Parts[Name]> {
  const part = (await PARTS[name]()) as Parts[Name];
  arrived[name] = part;
  add(view, name, part.extension());
  return part;
}

const added = Facet.define<string>();

/** Add an extension to an editor, once. */
function add(view: EditorView, name: string, extension: Extension): void {
  if (has(view, name)) return;
  view.dispatch({ effects: StateEffect.appendConfig.of([added.of(name), extension]) });
}

function has(view: EditorView, name: string): boolean {
  return view.state.facet(added).includes(name);
}
