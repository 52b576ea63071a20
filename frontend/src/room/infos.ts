/** The files of an outline, as the page lists them. */
import type { FileInfo, Outline } from "../link/protocol";
import { languageOf } from "./languages";
import type { FileNode, Tree } from "./tree";

const known = new WeakMap<Outline, readonly FileInfo[]>();

/** Return the living files. The same outline always gives the same list. */
export function filesIn(outline: Outline): readonly FileInfo[] {
  let infos = known.get(outline);
  if (!infos) {
    infos = [...outline.tree].flatMap((node) =>
      node.kind === "file" && outline.tree.isLiving(node.id) ? [infoOf(node, outline.tree)] : [],
    );
    known.set(outline, infos);
  }
  return infos;
}

function infoOf({ id, name, chosen }: FileNode, tree: Tree): FileInfo {
  return { id, path: tree.path(id), language: chosen ?? languageOf(name) };
}
