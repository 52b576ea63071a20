/** The addresses of Pyodide's files on our own server, by the names that Pyodide asks for. */
import program from "pyodide/pyodide.asm.mjs?url";
import wasm from "pyodide/pyodide.asm.wasm?url";
import loader from "pyodide/pyodide.mjs?url";
import packages from "pyodide/pyodide-lock.json?url";
import library from "pyodide/python_stdlib.zip?url";

export const PYTHON: Record<string, string> = {
  "pyodide.mjs": loader,
  "pyodide.asm.mjs": program,
  "pyodide.asm.wasm": wasm,
  "pyodide-lock.json": packages,
  "python_stdlib.zip": library,
};
