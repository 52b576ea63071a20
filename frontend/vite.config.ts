import { createHash } from "node:crypto";
import { copyFile, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";
import { defineConfig, type Plugin } from "vite";

const site = resolve(import.meta.dirname, "../collab/static");
const server = "http://127.0.0.1:8000";

export default defineConfig({
  plugins: [emacsKeys(), shortParsing(), imports(), pages(site), apiDocs(site), compressed(site)],
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
      output: {
        codeSplitting: {
          groups: [
            {
              name: "editor",
              test: /node_modules\/@(?:codemirror\/(?:state|view|commands|language)|lezer\/(?:common|highlight))\/|crelt|style-mod|w3c-keyname|find-cluster-break|src\/(?:ot|editor\/(?:astral|bulk|collab|eachChange|edits|wellFormed)\.)/,
              priority: 2,
            },
            {
              name: "shared",
              test: /node_modules\/(?:preact|@preact)\/|src\/(?:base|storage|frame\/screen|settings\/(?:settings|theme)|ui\/Icon)\./,
              priority: 1,
            },
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
    transform: (code, id) =>
      id.includes("@replit/codemirror-emacs") ? code.replace(wrong, "") : undefined,
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
    transform(code, id) {
      if (!id.includes("@codemirror/language/dist/index.js")) return undefined;
      return Object.entries(slices).reduce((code, [slice, shorter]) => {
        if (!code.includes(slice)) throw new Error(`@codemirror/language has another ${slice}`);
        return code.replaceAll(slice, shorter);
      }, code);
    },
  };
}

/** Let src/fetched.ts, in the place of Vite's own helper, stand around each import(). */
function imports(): Plugin {
  return {
    name: "collab:imports",
    apply: "build",
    enforce: "pre",
    load: (id) =>
      id === "\0vite/preload-helper.js"
        ? 'export { whenFetched as __vitePreload } from "/src/fetched.ts";'
        : undefined,
  };
}

/** Make of index.html the page of rooms, and write the service worker that keeps both. */
function pages(site: string): Plugin {
  return {
    name: "collab:pages",
    apply: "build",
    async writeBundle(_, bundle) {
      await writeRoom(site);
      const files = Object.values(bundle).filter(({ fileName }) => fileName.startsWith("assets/"));
      const kept = files.filter((file) => !isLarge(file)).map(({ fileName }) => fileName);
      await writeWorker(site, ["favicon.svg", "first.js", ...kept.sort()]);
    },
  };
}

/**
 * room.html: index.html, whose browser asks at once for all that typing needs, and then for fonts. The
 * server puts the address of the room's texts in the place of the comment.
 */
async function writeRoom(site: string): Promise<void> {
  type Chunks = Record<string, { file: string; imports?: string[] }>;
  const chunks: Chunks = JSON.parse(await readFile(join(site, ".vite/manifest.json"), "utf-8"));
  const needed = (name: string): string[] => {
    const { file = "", imports = [] } = chunks[name] ?? {};
    return [file, ...imports.flatMap(needed)];
  };
  const page = await readFile(join(site, "index.html"), "utf-8");
  const font = / *<link rel="preload" as="font".*\n/g;
  const links = [...new Set(needed("src/frame/Room.tsx"))]
    .filter((file) => !page.includes(file))
    .map((file) => `    <link rel="modulepreload" crossorigin href="/${file}">\n`);
  const room = page
    .replace(font, "")
    .replace("</script>\n", "</script>\n    <!-- early -->\n")
    .replace("  </head>", [...links, ...(page.match(font) ?? []), "  </head>"].join(""));
  await writeFile(join(site, "room.html"), room);
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

/** What formats files is too large to be kept by everybody. */
function isLarge(file: { fileName: string; moduleIds?: string[] }): boolean {
  return [file.fileName, ...(file.moduleIds ?? [])].some((id) =>
    /prettier|ruff_fmt|assets\/(?:babel|estree|standalone|formatWorker)-/.test(id),
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

/** Give every text and program a .br and a .gz sibling where they are smaller, for the server to send as they are. */
function compressed(site: string): Plugin {
  const brotli = promisify(brotliCompress);
  const zip = promisify(gzip);
  const large = 500_000; // bytes; from here the last few percent would take seconds
  const packable = /\.(?:css|html|js|json|svg|txt|wasm|webmanifest)$/;

  async function compress(path: string): Promise<void> {
    const plain = await readFile(path);
    const packed = {
      br: await brotli(plain, {
        params: {
          [constants.BROTLI_PARAM_QUALITY]: plain.length < large ? constants.BROTLI_MAX_QUALITY : 9,
          [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_GENERIC,
          [constants.BROTLI_PARAM_SIZE_HINT]: plain.length,
        },
      }),
      gz: await zip(plain, { level: constants.Z_BEST_COMPRESSION }),
    };
    for (const [suffix, bytes] of Object.entries(packed)) {
      if (bytes.length < plain.length) await writeFile(`${path}.${suffix}`, bytes);
    }
  }

  return {
    name: "collab:compressed",
    apply: "build",
    async closeBundle() {
      const entries = await readdir(site, { recursive: true, withFileTypes: true });
      const files = entries.filter((entry) => entry.isFile() && packable.test(entry.name));
      await Promise.all(files.map((entry) => compress(join(entry.parentPath, entry.name))));
    },
  };
}
