// What an editor asks of a browser, from happy-dom. Its selectionchange is kept from listeners: it comes in the
// middle of the call that moves the selection, which CodeMirror takes for an update within an update.
import { Window } from "happy-dom";
export const window = new Window({ url: "http://localhost" });
const names = ["document", "navigator", "MutationObserver", "Node", "HTMLElement", "getComputedStyle",
  "requestAnimationFrame", "cancelAnimationFrame"];
for (const name of names) Object.defineProperty(globalThis, name, { value: window[name], configurable: true });
globalThis.window = window;
window.document.addEventListener("selectionchange", (event) => event.stopImmediatePropagation(), true);
