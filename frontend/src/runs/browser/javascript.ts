/**
 * The worker of a program in JavaScript or TypeScript. Modules become functions, which find one another by
 * `require`; a program finds little of Node in here: `process`, and what browsers have as well.
 */
import inspect from "object-inspect";
import { transform } from "sucrase";
import type { Order } from "./order";
import { begin, type Input, say } from "./program";

const ROOM = "/room";
const ENDINGS = [
  "",
  ".js",
  ".ts",
  ".mjs",
  ".mts",
  ".cjs",
  ".cts",
  ".json",
  "/index.js",
  "/index.ts",
];
const NAMES = "exports, require, module, __filename, __dirname";

const later = globalThis.setTimeout;

/** Thrown by `process.exit` to leave the program. */
class Exit {}

interface Module {
  exports: unknown;
}

begin<{ order: Order }>(async ({ order }, input) => {
  const events = new Events();
  provide(order, input, events);
  const modules = new Modules(order);
  try {
    say({ began: true });
    await modules.main(order.path);
    await events.settled();
    end(0);
  } catch (error) {
    fail(error);
  }
});

function end(exit: number): void {
  say({ ended: { reason: "exit", exit } });
}

function fail(error: unknown): void {
  if (error instanceof Exit) return;
  const words = error instanceof Error ? shown(error) : `Uncaught ${inspect(error)}`;
  say({ out: [2, `${words}\n`] });
  end(1);
}

class Modules {
  readonly #texts: ReadonlyMap<string, string>;
  readonly #known = new Map<string, Module>();

  constructor({ files }: Order) {
    const decoder = new TextDecoder();
    this.#texts = new Map(
      files.map(({ path, body }) => [path, typeof body === "string" ? body : decoder.decode(body)]),
    );
  }

  /** Run the module that the program is. It alone may await at its top. */
  main(path: string): Promise<void> {
    const module: Module = { exports: {} };
    this.#known.set(path, module);
    return this.#made("async function", path)(...this.#given(path, module)) as Promise<void>;
  }

  #require(from: string, name: string): unknown {
    const path = this.#find(from, name);
    const known = this.#known.get(path);
    if (known) return known.exports;
    const module: Module = { exports: {} };
    this.#known.set(path, module);
    if (path.endsWith(".json")) module.exports = JSON.parse(this.#texts.get(path) ?? "");
    else this.#made("function", path)(...this.#given(path, module));
    return module.exports;
  }

  #find(from: string, name: string): string {
    if (/^\.{0,2}\//.test(name)) {
      const { pathname } = new URL(name, `file:///${from}`);
      const path = decodeURIComponent(pathname).replace(/^\/(?:room\/)?/, "");
      const found = ENDINGS.map((ending) => path + ending).find((path) => this.#texts.has(path));
      if (found) return found;
    }
    const words = /^\.{0,2}\//.test(name)
      ? ""
      : "; a program in a browser has the room's modules only";
    throw new Error(`Cannot find module '${name}' from ${from}${words}`);
  }

  /** Lines have the numbers that they have in the file. */
  #made(kind: string, path: string): (...given: unknown[]) => unknown {
    const { code } = transform(this.#texts.get(path) ?? "", {
      transforms: ["typescript", "imports"],
      disableESTransforms: true,
      filePath: path,
    });
    // biome-ignore lint/security/noGlobalEval: the program is what this worker is for
    return globalThis.eval(`(${kind} (${NAMES}) {${code}\n})\n//# sourceURL=${ROOM}/${path}`);
  }

  #given(path: string, module: Module): unknown[] {
    const folder = `${ROOM}/${path}`.replace(/\/[^/]*$/, "");
    return [
      module.exports,
      (name: string) => this.#require(path, name),
      module,
      `${ROOM}/${path}`,
      folder,
    ];
  }
}

/** The timers and other things for which a program is still waited for, once its text has been run. */
class Events {
  #active = 0;
  #wake: (() => void) | null = null;

  constructor() {
    const timers = new Set<unknown>();
    for (const [set, clear, once] of [
      ["setTimeout", "clearTimeout", true],
      ["setInterval", "clearInterval", false],
    ] as const) {
      const [begin, cancel] = [globalThis[set], globalThis[clear]];
      const over = (timer: unknown) => {
        if (timers.delete(timer)) this.add(-1);
      };
      const start = (then: (...given: unknown[]) => void, ms?: number, ...given: unknown[]) => {
        const timer = begin(() => {
          if (once) over(timer);
          then(...given);
        }, ms);
        timers.add(timer);
        this.add(1);
        return timer;
      };
      const stop = (timer: number) => {
        over(timer);
        cancel(timer);
      };
      Object.assign(globalThis, { [set]: start, [clear]: stop });
    }
  }

  add(more: number): void {
    this.#active += more;
    if (this.#active === 0) this.#wake?.();
  }

  /** Resolves when nothing is waited for any more. */
  async settled(): Promise<void> {
    // A promise's callback may begin something.
    await new Promise((then) => later(then));
    if (this.#active === 0) return;
    await new Promise<void>((wake) => {
      this.#wake = wake;
    });
    await this.settled();
  }
}

function provide({ args, env, path }: Order, input: Input, events: Events): void {
  const line = (words: unknown[]) =>
    `${words.map((word) => (typeof word === "string" ? word : shown(word))).join(" ")}\n`;
  const out = (...words: unknown[]) => say({ out: [1, line(words)] });
  const err = (...words: unknown[]) => say({ out: [2, line(words)] });
  Object.assign(console, { log: out, info: out, debug: out, error: err, warn: err, trace: err });
  const exit = (code = 0) => {
    end(code);
    throw new Exit();
  };
  async function* pieces() {
    events.add(1);
    try {
      for (let text = await input.read(); text !== null; text = await input.read()) yield text;
    } finally {
      events.add(-1);
    }
  }
  const process = {
    argv: ["node", `${ROOM}/${path}`, ...args],
    env: { ...env },
    exit,
    cwd: () => ROOM,
    stdout: { write: (text: string) => say({ out: [1, String(text)] }) },
    stderr: { write: (text: string) => say({ out: [2, String(text)] }) },
    stdin: { [Symbol.asyncIterator]: pieces, setEncoding: () => {} },
  };
  Object.assign(globalThis, { process, global: globalThis });
  addEventListener("error", (event) => {
    event.preventDefault();
    fail(event.error);
  });
  addEventListener("unhandledrejection", (event) => {
    event.preventDefault();
    fail(event.reason);
  });
}

function shown(value: unknown): string {
  if (!(value instanceof Error)) return inspect(value, { depth: 3 });
  // Without the lines about this worker.
  return (value.stack ?? String(value)).replace(/\n {4}at [^\n]*\bblob:[^\n]*/g, "");
}
