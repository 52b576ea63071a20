import { MessageSquare, MessagesSquare } from "lucide";
import type { Action } from "../actions";
import type { Feature, RoomContext } from "../feature";
import { showPane } from "../frame/open";
import { NOT_LOADED } from "../frame/words";
import { loaded } from "../ui/loaded";
import { Later } from "./Later";
import { COMMENTS, PANE } from "./pane";
import { unread } from "./unread";

/** Chat, and comments on code. The badge and the actions come with the page, the rest once the room is open. */
export const talk: Feature = {
  id: "talk",
  panes: [
    {
      ...PANE,
      title: "Chat",
      icon: MessageSquare,
      section: "People",
      words: "talk message say discussion side",
      badge: (room) => {
        const count = unread(room).value;
        return count > 0 ? { count, words: `${count} unread` } : null;
      },
      badgeOnRail: true,
      atFoot: true,
      load: async () => (await import("./ChatPane")).ChatPane,
    },
    {
      ...COMMENTS,
      title: "Comments",
      icon: MessagesSquare,
      section: "People",
      words: "review thread annotation discussion side",
      load: async () => (await import("./CommentsPane")).CommentsPane,
    },
  ],
  actions: talkActions,
  parts: { page: Later },
  attend: followLink,
};

/** A link to a message shows it. */
function followLink(room: RoomContext): () => void {
  const follow = () => {
    const [, kind, number] = /^#(said|comment)=(\d{1,15})$/.exec(location.hash) ?? [];
    if (!number) return;
    history.replaceState(history.state, "", location.pathname + location.search);
    showPane(kind === "said" ? PANE : COMMENTS);
    loaded(
      () => import("./goTo"),
      ({ goToSaid, goToComment }) =>
        (kind === "said" ? goToSaid : goToComment)(room, Number(number)),
      () => room.session.say("warn", NOT_LOADED),
    );
  };
  follow();
  addEventListener("hashchange", follow);
  return () => removeEventListener("hashchange", follow);
}

function talkActions(room: RoomContext): Action[] {
  return [
    {
      id: "talk.comment",
      title: "Comment on the selection",
      section: "People",
      icon: MessagesSquare,
      words: "review annotate thread line suggest edit",
      alias: "comment",
      keys: ["Mod-Alt-m"],
      more: 4,
      global: true,
      enabled: () => room.editor.value !== null,
      run: () =>
        loaded(
          () => import("./comments"),
          ({ commentsOf }) => commentsOf(room).begin(),
          () => room.session.say("warn", NOT_LOADED),
        ),
    },
    {
      id: "talk.say",
      title: "Write a message to the room",
      section: "People",
      icon: MessageSquare,
      words: "chat talk say",
      alias: "chat",
      keys: ["Mod-Alt-c"],
      global: true,
      run: () => {
        showPane(PANE);
        requestAnimationFrame(() => {
          document.querySelector<HTMLElement>(".chat-foot textarea")?.focus();
        });
      },
    },
  ];
}
