/** The worker of a program in Python, which runs in Pyodide. The page has brought all of it. */
import type { loadPyodide as Load, PyodideAPI } from "pyodide";
import driver from "./driver.py?raw";
import { type Order, PYTEST } from "./order";
import { begin, type Input, say } from "./program";

interface Start {
  order: Order;
  brought: Record<string, ArrayBuffer>;
}

const ROOM = "/room";
const SITE = "/collab";
/** An address that is never requested: the worker already has all that Pyodide would fetch. */
const HOME = "https://python.invalid/";
const PAGE = 65_536;

begin<Start>(async ({ order, brought }, input) => {
  limitMemory(order.limits.memory);
  // Pyodide wants a worker that is a module, which Chromium starts for no site without an address.
  Object.assign(globalThis, { importScripts: undefined });
  globalThis.fetch = async (asked) => {
    const name = String(asked).slice(HOME.length);
    const type = name.endsWith(".wasm") ? "application/wasm" : "application/octet-stream";
    return new Response(brought[name] ?? null, { headers: { "content-type": type } });
  };
  const { loadPyodide } = await module<{ loadPyodide: typeof Load }>(brought["pyodide.mjs"]);
  const { default: createPyodideModule } = await module<{ default: never }>(
    brought["pyodide.asm.mjs"],
  );
  const python = await loadPyodide({
    indexURL: HOME,
    createPyodideModule,
    env: { PYTHONDONTWRITEBYTECODE: "1", ...order.env, HOME: ROOM },
  } as never);
  const before = unpack(python, order);
  connect(python, order, input);
  if (order.tests)
    python.unpackArchive(brought[PYTEST] as ArrayBuffer, "zip", { extractDir: SITE });
  say({ began: true });
  const exit = await python.runPythonAsync(driver, { filename: "driver.py" });
  for (const [path, body] of written(python, before)) say({ wrote: [path, body] });
  say({ ended: { reason: "exit", exit } });
});

function module<T>(text: ArrayBuffer | undefined): Promise<T> {
  const file = new Blob([text ?? ""], { type: "text/javascript" });
  return import(/* @vite-ignore */ URL.createObjectURL(file));
}

/** Beyond this, Python finds no memory, and the program has a MemoryError. */
function limitMemory(most: number): void {
  const { grow } = WebAssembly.Memory.prototype;
  WebAssembly.Memory.prototype.grow = function (pages) {
    if (this.buffer.byteLength + pages * PAGE > most) throw new RangeError("too much memory");
    return grow.call(this, pages);
  };
}

/** Put the files of the room into the folder in which the program runs. Returns them by path. */
function unpack({ FS }: PyodideAPI, { files }: Order): Map<string, Uint8Array> {
  const known = new Map<string, Uint8Array>();
  const encoder = new TextEncoder();
  FS.mkdirTree(ROOM);
  for (const { path, body } of files) {
    const bytes = typeof body === "string" ? encoder.encode(body) : body;
    FS.mkdirTree(`${ROOM}/${path}`.replace(/\/[^/]*$/, ""));
    FS.writeFile(`${ROOM}/${path}`, bytes);
    known.set(path, bytes);
  }
  return known;
}

function connect(python: PyodideAPI, order: Order, input: Input): void {
  python.registerJsModule("collab_page", {
    path: order.path,
    arguments: order.args,
    tests: order.tests ?? undefined,
    report: (line: string) => say({ out: [3, line] }),
    // False is the end, and "" says that one has to wait.
    now: () => {
      const text = input.now();
      return text === undefined ? "" : (text ?? false);
    },
    read: async () => (await input.read()) ?? false,
  });
  for (const [stream, set] of [
    [1, python.setStdout],
    [2, python.setStderr],
  ] as const) {
    const decoder = new TextDecoder();
    const write = (bytes: Uint8Array) => {
      say({ out: [stream, decoder.decode(bytes, { stream: true })] });
      return bytes.length;
    };
    set.call(python, { write });
  }
}

/** The files that were not there before, or are different now. */
function* written(
  { FS }: PyodideAPI,
  before: ReadonlyMap<string, Uint8Array>,
  folder = "",
): Generator<[string, Uint8Array<ArrayBuffer>]> {
  for (const name of FS.readdir(`${ROOM}/${folder}`).sort()) {
    if (name === "." || name === ".." || name === "__pycache__") continue;
    const path = `${folder}${name}`;
    const { mode } = FS.lstat(`${ROOM}/${path}`);
    if (FS.isDir(mode)) yield* written({ FS } as PyodideAPI, before, `${path}/`);
    else if (FS.isFile(mode)) {
      const body = FS.readFile(`${ROOM}/${path}`);
      if (!isSame(before.get(path), body)) yield [path, body];
    }
  }
}

function isSame(one: Uint8Array | undefined, other: Uint8Array): boolean {
  return one?.length === other.length && one.every((byte, at) => byte === other[at]);
}
