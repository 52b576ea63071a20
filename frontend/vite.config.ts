import { copyFile, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";
import { defineConfig, type Plugin } from "vite";

const site = resolve(import.meta.dirname, "../collab/static");
const server = "http://127.0.0.1:8000";

export default defineConfig({
  plugins: [emacsKeys(), imports(), apiDocs(site), compressed(site)],
  experimental: {
    // Programs and styles find one another wherever the server is. The page itself has addresses
    // from "/", before which the server puts its base path.
    renderBuiltUrl: (_file, { hostType }) => (hostType === "html" ? undefined : { relative: true }),
  },
  build: {
    outDir: site,
    manifest: true,
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
