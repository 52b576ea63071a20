import { createHash } from "node:crypto";
import { copyFile, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";
import { defineConfig, type Plugin } from "vite";
import { halves } from "./halves";

const site = resolve(import.meta.dirname, "../collab/static");
const server = "http://127.0.0.1:8000";

/** What typing needs of CodeMirror's packages. The rest is loaded after the editor. */
const FIRST = {
  "@codemirror/view/dist/index.js":
    "Decoration Direction EditorView GutterMarker ViewPlugin WidgetType drawSelection gutter " +
    "highlightActiveLine highlightActiveLineGutter highlightSpecialChars keymap lineNumbers logException placeholder",
  "@codemirror/commands/dist/index.js":
    "history historyKeymap invertedEffects isolateHistory redo selectAll standardKeymap undo",
  "@codemirror/language/dist/index.js":
    "HighlightStyle IndentContext codeFolding foldGutter getIndentUnit getIndentation indentString " +
    "indentUnit matchBrackets syntaxTree",
  "@lezer/common/dist/index.js": "IterMode NodeProp NodeSet NodeType Parser Tree TreeFragment",
};

export default defineConfig({
  plugins: [
    emacsKeys(),
    shortParsing(),
    halves(FIRST),
    imports(),
    pages(site),
    apiDocs(site),
    compressed(site),
  ],
  experimental: {
    // Programs and styles find one another wherever the server is. The page itself has addresses
    // from "/", before which the server puts its base path.
    renderBuiltUrl: (_file, { hostType }) => (hostType === "html" ? undefined : { relative: true }),
  },
  build: {
    outDir: site,
    manifest: true,
    // Few files: over HTTP/1.1 a browser has six requests at a time, and each needs a round trip.
    cssCodeSplit: false,
    rolldownOptions: {
      experimental: { lazyBarrel: true },
      output: {
        codeSplitting: {
          groups: [
            {
              name: "editor",
              test: /node_modules\/@(?:codemirror\/(?:state|view|commands|language)|lezer\/(?:common|highlight))\/(?!.*\?later$)|crelt|style-mod|w3c-keyname|find-cluster-break|src\/(?:ot|editor\/(?:astral|bulk|collab|eachChange|edits|highlighting|wellFormed)\.)/,
              priority: 2,
            },
            {
              name: "shared",
              test: /node_modules\/(?:preact|@preact)\/|icons\/(?:image|users)\.|src\/(?:base|identity|storage|room\/languages|ui\/languages|frame\/(?:Guard|screen|open)|settings\/(?:settings|theme)|ui\/(?:Badge|Dialog|FileName|Icon|Mark|ThemeToggle|copy|names|useLoaded|useModal))\./,
              priority: 1,
            },
            { name: "later", test: /\?later$/ },
          ],
        },
      },
    },
    emptyOutDir: true,
    target: "es2022",
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
  // In parts: who formats Python is not sent what formats JavaScript.
  worker: { format: "es" },
  server: {
    proxy: {
      "/rooms": server,
      "/autocomplete": server,
      "/health": server,
      "/lan": server,
      "/docs": server,
      "/auth": server,
      "/me": server,
      "/admin": server,
      "/ws": { target: server, ws: true },
    },
  },
});

/**
 * The Emacs keymap marks the calls that fill it as free of effects, and a bundler then leaves them
 * out. Take those marks away.
 */
function emacsKeys(): Plugin {
  const wrong = /\/\*@__PURE__\*\/(?=EmacsHandler\.)/g;
  return {
    name: "collab:emacs-keys",
    transform: {
      filter: { id: /@replit\/codemirror-emacs/ },
      handler: (code) => code.replace(wrong, ""),
    },
  };
}

/**
 * CodeMirror parses for 100 ms at a time in the background, as long as no key waits, and for 20 ms in
 * each transaction. Frames wait for that as well, so it stops earlier.
 */
function shortParsing(): Plugin {
  const slices = { "100 /* Work.Slice */": "35", "20 /* Work.Apply */": "10" };
  return {
    name: "collab:short-parsing",
    transform: {
      filter: { id: /@codemirror\/language\/dist\/index\.js$/ },
      handler: (text) =>
        Object.entries(slices).reduce((code, [slice, shorter]) => {
          if (!code.includes(slice)) throw new Error(`@codemirror/language has another ${slice}`);
          return code.replaceAll(slice, shorter);
        }, text),
    },
  };
}

/** Let src/fetched.ts, in the place of Vite's own helper, stand around each import(). */
function imports(): Plugin {
  return {
    name: "collab:imports",
    apply: "build",
    enforce: "pre",
    load: {
      filter: { id: /^\0vite\/preload-helper\.js$/ },
      handler: () => 'export { whenFetched as __vitePreload } from "/src/fetched.ts";',
    },
    transform: {
      // Vite would wait for the files outside of this `then`, which would not hear of one that fails.
      filter: { id: /\/frontend\/src\//, code: /\bimport\([^()]*\)\s*\.(?:then|catch)\(/ },
      handler(_, id) {
        throw new Error(`${id}: use loaded() of src/ui/loaded.ts in place of import().then()`);
      },
    },
  };
}

/** Make of index.html the two pages, and write the service worker that keeps both. */
function pages(site: string): Plugin {
  return {
    name: "collab:pages",
    apply: "build",
    async writeBundle(_, bundle) {
      await writePages(site);
      const files = Object.values(bundle).filter(({ fileName }) => fileName.startsWith("assets/"));
      const kept = files.filter((file) => !isSeldom(file)).map(({ fileName }) => fileName);
      await writeWorker(site, ["favicon.svg", "first.js", ...kept.sort()]);
    },
  };
}

/**
 * index.html and room.html: the browser asks at once for all that the page needs, in a room before fonts. The
 * server puts the address of the room's texts in the place of the comment.
 */
async function writePages(site: string): Promise<void> {
  type Chunks = Record<string, { file: string; imports?: string[] }>;
  const chunks: Chunks = JSON.parse(await readFile(join(site, ".vite/manifest.json"), "utf-8"));
  const page = await readFile(join(site, "index.html"), "utf-8");
  const needed = (name: string): string[] => {
    const { file = "", imports = [] } = chunks[name] ?? {};
    return [file, ...imports.flatMap(needed)];
  };
  const links = (name: string) =>
    [...new Set(needed(name))]
      .filter((file) => !page.includes(file))
      .map((file) => `    <link rel="modulepreload" crossorigin href="/${file}">\n`);
  const font = / *<link rel="preload" as="font".*\n/g;
  const ending = (...lines: string[]) => [...lines, "  </head>"].join("");
  const room = page
    .replace(font, "")
    .replace("</script>\n", "</script>\n    <!-- early -->\n")
    .replace("  </head>", ending(...links("src/frame/Room.tsx"), ...(page.match(font) ?? [])));
  const start = page.replace("  </head>", ending(...links("src/start/pages.ts")));
  await writeFile(join(site, "room.html"), room);
  await writeFile(join(site, "index.html"), start);
}

/** sw.js, which keeps these files. Its build is another one when any of them or a page is. */
async function writeWorker(site: string, files: string[]): Promise<void> {
  const hash = createHash("sha256").update(files.join());
  for (const name of ["index.html", "room.html", "favicon.svg", "first.js"]) {
    hash.update(await readFile(join(site, name)));
  }
  const worker = await readFile(resolve(import.meta.dirname, "worker/sw.js"), "utf-8");
  const written = worker
    .replace('"__BUILD__"', JSON.stringify(hash.digest("hex").slice(0, 16)))
    .replace('["__FILES__"]', JSON.stringify(files));
  await writeFile(join(site, "sw.js"), written);
}

/** What only some people need is no file that everybody keeps: what formats files, and most languages. */
function isSeldom(file: { fileName: string; moduleIds?: string[] }): boolean {
  return [file.fileName, ...(file.moduleIds ?? [])].some(
    (id) =>
      /prettier|ruff_fmt|pyodide|python_stdlib|runs\/browser|assets\/(?:babel|estree|standalone|formatWorker)-/.test(
        id,
      ) || /codemirror\/(?:lang-(?!python|javascript)|legacy-modes)/.test(id),
  );
}

/** Put the files that the interactive API pages need beside ours, so that they work offline. */
function apiDocs(site: string): Plugin {
  const files = [
    "swagger-ui.css",
    "swagger-ui-bundle.js",
    "swagger-ui-standalone-preset.js",
    "favicon-32x32.png",
  ];
  return {
    name: "collab:api-docs",
    apply: "build",
    async writeBundle() {
      const from = resolve(import.meta.dirname, "node_modules/swagger-ui-dist");
      const to = join(site, "docs-assets");
      await mkdir(to, { recursive: true });
      await Promise.all(files.map((file) => copyFile(join(from, file), join(to, file))));
    },
  };
}

/**
 * Give every text and program a .br and a .gz sibling where they are smaller, for the server to send as they
 * are. The best compression takes most of a build's time, so only what everybody loads has it.
 */
function compressed(site: string): Plugin {
  const brotli = promisify(brotliCompress);
  const zip = promisify(gzip);
  const { BROTLI_MAX_QUALITY: best, BROTLI_PARAM_QUALITY, BROTLI_PARAM_SIZE_HINT } = constants;
  const large = 500_000; // bytes; here a better quality saves 2 % and takes four times as long
  const seldom = new Set<string>();
  const packable = /\.(?:css|html|js|json|mjs|svg|txt|wasm|webmanifest)$/;

  async function compress(path: string): Promise<void> {
    const plain = await readFile(path);
    const isLarge = plain.length >= large;
    const isRare = seldom.has(basename(path)) || /docs-assets|\.vite/.test(path);
    const quality = isLarge ? 6 : isRare ? 7 : best;
    // With less memory, zlib begins a new table of codes more often. Either may give less.
    const zipped = await Promise.all(
      (isLarge || isRare ? [8] : [7, 8]).map((memLevel) =>
        zip(plain, { level: isLarge ? 6 : constants.Z_BEST_COMPRESSION, memLevel }),
      ),
    );
    const packed = {
      br: await brotli(plain, {
        params: { [BROTLI_PARAM_QUALITY]: quality, [BROTLI_PARAM_SIZE_HINT]: plain.length },
      }),
      gz: zipped.reduce((one, other) => (other.length < one.length ? other : one)),
    };
    for (const [suffix, bytes] of Object.entries(packed)) {
      if (bytes.length < plain.length) await writeFile(`${path}.${suffix}`, bytes);
    }
  }

  return {
    name: "collab:compressed",
    apply: "build",
    writeBundle(_, bundle) {
      const files = Object.values(bundle).filter(isSeldom);
      for (const { fileName } of files) seldom.add(basename(fileName));
    },
    async closeBundle() {
      const entries = await readdir(site, { recursive: true, withFileTypes: true });
      const files = entries.filter((entry) => entry.isFile() && packable.test(entry.name));
      await Promise.all(files.map((entry) => compress(join(entry.parentPath, entry.name))));
    },
  };
}
