import { effect } from "@preact/signals";
import { GitCompare, History, Palette, Tag, UserPen } from "lucide";
import { type Action, perform } from "../actions";
import type { Feature, RoomContext } from "../feature";
import { showPane } from "../frame/open";
import { NOT_LOADED } from "../frame/words";
import { loaded } from "../ui/loaded";
import { naming } from "./naming";
import { LIST, PAST, ribbon } from "./pane";

/** The past of the room. All but the actions is loaded when somebody wants it. */
export const history: Feature = {
  id: "history",
  panes: [
    {
      ...LIST,
      title: "History",
      icon: History,
      section: "Room",
      words: "versions timeline past revisions restore undo who",
      load: async () => (await import("./HistoryPane")).HistoryPane,
    },
    {
      ...PAST,
      unlisted: true,
      title: "Timeline",
      icon: GitCompare,
      section: "Room",
      words: "past play scrub history revisions who wrote blame",
      load: async () => (await import("./PastPane")).PastPane,
    },
  ],
  actions: historyActions,
  attend: (room) => {
    const ends = [followLink(room), followRibbon(room)];
    return () => {
      for (const end of ends) end();
    };
  },
};

function historyActions(room: RoomContext): Action[] {
  const isOpen = () => room.session.phase.value === "open";
  return [
    {
      id: "history.name",
      title: "Name this version",
      section: "Room",
      icon: Tag,
      words: "save version mark snapshot",
      keys: ["Mod-s"],
      global: true,
      enabled: isOpen,
      run: () => {
        showPane(LIST);
        naming.value++;
        perform("file.save");
      },
    },
    {
      id: "history.timeline",
      title: "Show who wrote this, and when",
      section: "Room",
      icon: History,
      words: "blame timeline past authors",
      alias: "blame",
      enabled: isOpen,
      run: () => showPane(PAST),
    },
    {
      id: "history.ribbon",
      title: () => `${ribbon.value ? "Hide" : "Show"} who wrote this beside the text`,
      section: "Room",
      icon: Palette,
      words: "blame ribbon authors colours gutter",
      enabled: isOpen,
      run: () => {
        ribbon.value = !ribbon.value;
      },
    },
    {
      id: "history.who",
      title: "Tell who wrote the text at the caret",
      section: "Room",
      icon: UserPen,
      words: "blame author line",
      enabled: () => room.editor.value !== null,
      run: () => {
        ribbon.value = true;
        loaded(
          () => import("./live"),
          ({ tellWho }) => void tellWho(room),
          () => room.session.say("warn", NOT_LOADED),
        );
      },
    },
  ];
}

/** A link to a version shows the room as it was. */
function followLink(room: RoomContext): () => void {
  const follow = () => {
    const revision = /^#revision=(\d{1,15})$/.exec(location.hash)?.[1];
    if (!revision) return;
    loaded(
      () => import("./store"),
      ({ historyOf }) => void historyOf(room).open(Number(revision)),
      () => room.session.say("warn", NOT_LOADED),
    );
  };
  follow();
  addEventListener("hashchange", follow);
  return () => removeEventListener("hashchange", follow);
}

/** The ribbon is loaded when somebody first wants it, and then stays with the editor. */
function followRibbon(room: RoomContext): () => void {
  let end = () => {};
  let wanted = false;
  let left = false;
  const stop = effect(() => {
    if (!ribbon.value || wanted) return;
    wanted = true;
    loaded(
      () => import("./live"),
      ({ liveAuthors }) => {
        if (!left) end = liveAuthors(room).begin();
      },
      () => {
        wanted = false;
        room.session.say("warn", NOT_LOADED);
      },
    );
  });
  return () => {
    left = true;
    stop();
    end();
  };
}
