import { Share2 } from "lucide";
import { at } from "../base";
import { RoomName } from "../name/RoomName";
import { CommandField } from "../palette/CommandField";
import { Avatars } from "../people/Avatars";
import type { Following } from "../people/following";
import type { RoomSession } from "../session";
import { linkWord } from "../status/status";
import { Icon } from "../ui/Icon";
import { Mark } from "../ui/Mark";

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
