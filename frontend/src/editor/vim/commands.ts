/** Defines Vim's commands for files in a room, where every change is saved by itself. */
import { CodeMirror, Vim } from "@replit/codemirror-vim";
import { perform } from "../../actions";
import { unsavedChanges } from "../unsaved";

/** `:w` reports whether everything is saved, as Ctrl+S does. */
CodeMirror.commands.save = () => perform("file.save");

for (const [name, prefix] of [
  ["quit", "q"],
  ["qall", "qa"],
  ["xit", "x"],
  ["exit", "exi"],
  ["wq", "wq"],
  ["wqall", "wqa"],
  ["xall", "xa"],
] as const) {
  Vim.defineEx(name, prefix, leave);
}
Vim.defineEx("wall", "wa", () => perform("file.save"));
Vim.defineEx("update", "up", () => perform("file.save"));

/** Leave the room. Ask first while something is not saved, except for `:q!`. */
function leave(editor: CodeMirror, { argString }: { argString?: string }): void {
  const count = editor.cm6.state.facet(unsavedChanges)();
  if (count === 0 || argString?.trim() === "!") perform("room.leave");
  else askToLeave(editor, count);
}

function askToLeave(editor: CodeMirror, count: number): void {
  const question = document.createElement("div");
  question.className = "cm-vim-question";
  const label = document.createElement("label");
  const changes = count === 1 ? "1 change is" : `${count} changes are`;
  label.append(`${changes} not saved yet. Leave the room? (y/n) `);
  const answer = document.createElement("input");
  label.append(answer);
  question.append(label);
  editor.openDialog(question, undefined, {
    bottom: true,
    onKeyDown(event: KeyboardEvent, _value: string, close: () => void) {
      if (event.key.length > 1 && event.key !== "Enter" && event.key !== "Escape") return false;
      event.preventDefault();
      event.stopPropagation();
      close();
      if (event.key.toLowerCase() === "y") perform("room.leave");
      return true;
    },
  });
}
