import { TextSearch } from "lucide";
import type { Action } from "../actions";
import type { Feature, RoomContext } from "../feature";
import { NOT_LOADED } from "../frame/words";
import { loaded } from "../ui/loaded";
import { PANE } from "./pane";

/** Searches and replaces in all files of the room. Everything but the actions is loaded when it is wanted. */
export const search: Feature = {
  id: "search",
  panes: [
    {
      ...PANE,
      title: "Search",
      icon: TextSearch,
      section: "Edit",
      words: "find grep replace all files side",
      load: async () => (await import("./SearchPane")).SearchPane,
    },
  ],
  actions: searchActions,
};

type Doing = typeof import("./doing");

/** Return a hidden field that takes the typed text until the search has loaded. It is removed when it loses the focus. */
function typedAhead(): HTMLInputElement {
  const field = document.createElement("input");
  field.className = field.ariaLabel = "hidden";
  field.onblur = () => field.remove();
  document.body.append(field);
  field.focus();
  return field;
}

function searchActions(room: RoomContext): Action[] {
  const doing = (act: (doing: Doing) => void) => () => {
    loaded(
      () => import("./doing"),
      act,
      () => room.session.say("warn", NOT_LOADED),
    );
  };
  const begin = (replaces: boolean) => () => {
    const ahead = typedAhead();
    doing((it) => it.beginSearch(room, replaces, ahead))();
  };
  return [
    {
      id: "search.files",
      title: "Search in all files",
      section: "Edit",
      icon: TextSearch,
      words: "find grep everywhere",
      alias: "search",
      keys: ["Mod-Shift-f"],
      global: true,
      run: begin(false),
    },
    {
      id: "search.replace",
      title: "Replace in all files",
      section: "Edit",
      words: "find everywhere",
      keys: ["Mod-Shift-h"],
      global: true,
      run: begin(true),
    },
    {
      id: "search.next",
      title: "Next result of the search",
      section: "Go to",
      words: "find match",
      keys: ["F4"],
      global: true,
      run: doing((it) => it.goOn(room, 1)),
    },
    {
      id: "search.previous",
      title: "Previous result of the search",
      section: "Go to",
      words: "find match",
      keys: ["Shift-F4"],
      global: true,
      run: doing((it) => it.goOn(room, -1)),
    },
  ];
}
