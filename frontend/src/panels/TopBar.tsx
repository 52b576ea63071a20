import type { ReadonlySignal } from "@preact/signals";
import { LogOut } from "lucide";
import type { EditorHandle, RoomSession } from "../session";
import { Icon } from "../ui/Icon";
import { Mark } from "../ui/Mark";
import { ThemeToggle } from "../ui/ThemeToggle";
import { CopyLink } from "./CopyLink";
import { People } from "./People";
import { RoomName } from "./RoomName";
import { linkWord } from "./status";

interface Props {
  id: string;
  session: RoomSession;
  editor: ReadonlySignal<EditorHandle | null>;
  onPeople(): void;
  onProfile(): void;
}

/** The head of a room: where one is, who is here, and the ways in and out. */
export function TopBar({ id, session, editor, onPeople, onProfile }: Props) {
  const { tone, text } = linkWord(session.link.value);
  return (
    <header class="top-bar">
      <a class="home" href="/" aria-label="Collab, start page">
        <Mark />
      </a>
      <RoomName id={id} session={session} />
      <span class="pill" data-tone={tone}>
        <span class="dot" />
        {text}
      </span>
      <span class="spring" />
      <People session={session} editor={editor} onMore={onPeople} onProfile={onProfile} />
      <CopyLink onRefused={onPeople} />
      <span class="wide-only ends">
        <ThemeToggle />
        <a class="button" href="/">
          <Icon of={LogOut} />
          Leave
        </a>
      </span>
    </header>
  );
}
