/**
 * Joins what every room loads after its first screen into two files. Cut by who imports what, it would be some
 * eighty, most of a few hundred bytes, and each costs a request.
 */
import { resolve } from "node:path";
import type { Plugin } from "vite";

type Ids = ReadonlySet<string>;
interface Module {
  code: string | null;
  importedIds: string[];
  dynamicallyImportedIds: string[];
}
type Find = (id: string) => Module | null;

const src = resolve(import.meta.dirname, "src");

/** The modules of each file, by its name. They are known once all modules are. */
const parts = { extras: new Set<string>(), rest: new Set<string>() };

/** The groups of modules for the bundler. */
export const groups = Object.entries(parts).map(([name, modules]) => ({
  name,
  test: (id: string) => modules.has(id),
  // What is not among these stays where it is: it may be of the first load.
  includeDependenciesRecursively: false,
}));

/**
 * The extras of the editor come first. The rest is what features load by import(), but for panes, which come
 * when they are opened, and for what the pages without a room load, too.
 */
export function joined(): Plugin {
  return {
    name: "collab:parts",
    apply: "build",
    buildEnd() {
      const find: Find = (id) => this.getModuleInfo(id);
      const own = [...this.getModuleIds()].filter((id) => id.startsWith(src));
      const loadedBy = (importers: RegExp) =>
        own
          .filter((id) => importers.test(id))
          .flatMap((id) => find(id)?.dynamicallyImportedIds ?? []);
      const pages = loadedBy(/\/(?:main|start\/\w+|accounts\/\w+)\.tsx?$/);
      const first = reached([`${src}/main.tsx`, ...pages], find);
      const extras = reached(loadedBy(/\/editor\/extras\.ts$/), find, first);
      const features = loadedBy(/\/(?:feature|PaletteWindow)\.tsx?$/).filter(
        (id) => !id.endsWith("Pane.tsx"),
      );
      const rest = reached(features, find, new Set([...first, ...extras]));
      for (const id of extras) parts.extras.add(id);
      for (const id of rest) parts.rest.add(id);
    },
  };
}

/** These modules and all that they import, with the icons, but for those that are there before. */
function reached(ids: readonly string[], find: Find, before: Ids = new Set()): Set<string> {
  const found = new Set<string>();
  const waiting = [...ids];
  for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
    const module = find(id);
    if (!module || found.has(id) || before.has(id) || !isPart(id)) continue;
    found.add(id);
    waiting.push(...module.importedIds, ...iconsOf(module, find));
  }
  return found;
}

/** What is cut by hand. The grammars of languages and all other packages are cut by the bundler. */
function isPart(id: string): boolean {
  return (
    id.startsWith(src) ||
    /node_modules\/(?:@codemirror\/(?!lang-|legacy)|lucide\/.*\/icons\/)/.test(id)
  );
}

/** The icons that a module names. It imports them from the one module that exports all. */
function iconsOf(module: Module, find: Find): string[] {
  const all = module.importedIds.find((id) => id.endsWith("/lucide.mjs"));
  const named = module.code?.match(/import\s*\{([^}]*)\}\s*from\s*"lucide"/)?.[1];
  if (!all || !named) return [];
  return named.split(",").flatMap((name) => {
    const exported = new RegExp(
      `default as ${name.trim().split(/\s/)[0]}\\b[^}]*\\} from '\\./(.*)'`,
    );
    const file = find(all)?.code?.match(exported)?.[1];
    return file ? [resolve(all, "..", file)] : [];
  });
}
