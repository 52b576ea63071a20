import {
  Bell,
  BellOff,
  CalendarClock,
  Ellipsis,
  Eye,
  EyeOff,
  MessagesSquare,
  Search,
  Trash2,
  Users,
  X,
} from "lucide";
import { useState } from "preact/hooks";
import type { RoomContext } from "../feature";
import { showPane } from "../frame/open";
import { Icon } from "../ui/Icon";
import { Menu, type MenuAt, type MenuItem } from "../ui/Menu";
import { Tip } from "../ui/Tip";
import { ClearDialog, KeepDialog } from "./Moderation";
import { COMMENTS } from "./pane";
import type { TalkStore } from "./store";

interface HeadProps {
  room: RoomContext;
  store: TalkStore;
  onSearch(): void;
  onClose(): void;
}

/** The title of the chat, with the actions on the whole chat. */
export function ChatHead({ room, store, onSearch, onClose }: HeadProps) {
  const [menu, open] = useState<MenuAt | null>(null);
  const [asking, ask] = useState<"clear" | "keep" | null>(null);
  const muted = store.muted.value;
  const hidden = store.happeningsHidden.value;
  const items: MenuItem[] = [
    {
      title: muted ? "Unmute the chat" : "Mute the chat",
      icon: muted ? Bell : BellOff,
      run: () => store.muted.toggle(),
    },
    {
      title: hidden ? "Show what happens" : "Hide what happens",
      icon: hidden ? Eye : EyeOff,
      run: () => store.happeningsHidden.toggle(),
    },
  ];
  if (globalThis.Notification?.permission === "default") {
    items.push({
      title: "Notify me of mentions",
      icon: Bell,
      run: () => void Notification.requestPermission(),
    });
  }
  if (room.session.standing.value.role === "owner") {
    items.push(
      { title: "Keep messages for…", icon: CalendarClock, run: () => ask("keep") },
      { title: "Clear the chat…", icon: Trash2, run: () => ask("clear") },
    );
  }
  const count = room.session.people.value.length;
  return (
    <header class="pane-head">
      <h2 class="pane-title">Chat</h2>
      <span class="spring" />
      <button class="icon-button phone-only" type="button" onClick={() => showPane(COMMENTS)}>
        <Icon of={MessagesSquare} />
        <Tip>Comments on the code</Tip>
      </button>
      <button
        class="icon-button phone-only"
        type="button"
        onClick={() => showPane({ id: "people", place: "right" })}
      >
        <Icon of={Users} />
        <Tip>{count} here</Tip>
      </button>
      <button class="icon-button" type="button" onClick={onSearch}>
        <Icon of={Search} />
        <Tip>Search what was said</Tip>
      </button>
      <button
        class="icon-button"
        type="button"
        aria-haspopup="menu"
        onClick={({ currentTarget }) => {
          const { right, bottom } = currentTarget.getBoundingClientRect();
          open({ x: right - 200, y: bottom + 4 });
        }}
      >
        <Icon of={Ellipsis} />
        <Tip>More of the chat</Tip>
      </button>
      <button
        class="icon-button wide-only"
        type="button"
        aria-label="Close the chat panel"
        onClick={onClose}
      >
        <Icon of={X} />
      </button>
      {asking === "clear" && <ClearDialog store={store} onClose={() => ask(null)} />}
      {asking === "keep" && <KeepDialog store={store} onClose={() => ask(null)} />}
      {menu && <Menu label="Chat" at={menu} items={items} onClose={() => open(null)} />}
    </header>
  );
}
