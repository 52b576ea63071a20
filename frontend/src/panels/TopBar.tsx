import { Share2 } from "lucide";
import { at } from "../base";
import type { RoomSession } from "../session";
import { Icon } from "../ui/Icon";
import { Mark } from "../ui/Mark";
import { Avatars } from "./Avatars";
import { CommandField } from "./CommandField";
import type { Following } from "./following";
import { RoomName } from "./RoomName";
import { linkWord } from "./status";

interface Props {
  id: string;
  session: RoomSession;
  following: Following;
  onProfile(): void;
  onShare(): void;
}

/** The head of a room: where one is, who is here, and the way to bring others. */
export function TopBar({ id, session, following, onProfile, onShare }: Props) {
  const { tone, text } = linkWord(session.link.value, session.phase.value);
  return (
    <header class="top-bar">
      <div class="bar-side">
        <a class="home" href={at("/")} aria-label="Collab, start page">
          <Mark />
        </a>
        <RoomName id={id} session={session} />
        <span class="pill" data-tone={tone}>
          <span class="dot" />
          {text}
        </span>
      </div>
      <CommandField />
      <div class="bar-side end">
        <Avatars session={session} following={following} onProfile={onProfile} />
        <button class="button primary share" type="button" onClick={onShare}>
          <Icon of={Share2} />
          Share
        </button>
      </div>
    </header>
  );
}
