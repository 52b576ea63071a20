/**
 * Loads the editor parts that are not in the first load. Loading starts as soon as the editor is there,
 * so typing does not wait for it. The editor's element says when all parts have arrived.
 */
import { type Extension, Facet, StateEffect } from "@codemirror/state";
import { type Command, EditorView, ViewPlugin } from "@codemirror/view";

const PARTS = {
  assist: () => import("./assist"),
  carets: () => import("./caretLayers"),
  more: () => import("./more"),
  search: () => import("./search"),
};
type Parts = { [Name in keyof typeof PARTS]: Awaited<ReturnType<(typeof PARTS)[Name]>> };
const arrived: Partial<Parts> = {};

export function extras(): Extension {
  return ViewPlugin.define((view) => {
    let typed = false;
    const timer = setTimeout(() => bringAll(view, () => typed));
    return {
      update({ transactions, selectionSet }) {
        if (has(view, "assist")) return;
        if (transactions.some((one) => one.isUserEvent("input"))) typed = true;
        else if (selectionSet) typed = false;
      },
      destroy: () => clearTimeout(timer),
    };
  });
}

/** `typed` must return whether the last that the person did in this editor was to type. */
async function bringAll(view: EditorView, typed: () => boolean): Promise<void> {
  try {
    const names = Object.keys(PARTS) as (keyof Parts)[];
    const others = names.filter((name) => name !== "assist");
    const assist = bring(view, "assist").then(({ typedBefore }) => {
      if (typed()) typedBefore(view);
    });
    await Promise.all([assist, ...others.map((name) => bring(view, name))]);
    add(view, "all", EditorView.editorAttributes.of({ "data-complete": "true" }));
  } catch {
    // A part could not be fetched. A command that needs the part asks for it again.
  }
}

/** Return a command of a part. It runs at once, before the next key, unless the part is still loading. */
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

/** Add an extension to an editor, unless it has the extension already. */
function add(view: EditorView, name: string, extension: Extension): void {
  if (has(view, name)) return;
  view.dispatch({ effects: StateEffect.appendConfig.of([added.of(name), extension]) });
}

function has(view: EditorView, name: string): boolean {
  return view.state.facet(added).includes(name);
}
