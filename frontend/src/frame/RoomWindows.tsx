import type { Identity } from "../people/identity";
import { ProfileDialog } from "../people/ProfileDialog";
import type { RoomSession } from "../session";
import { ShareDialog } from "../share/ShareDialog";
import { MoreDialog } from "./MoreDialog";

export type RoomWindow = "share" | "profile" | "more";

export interface Props {
  open: RoomWindow;
  id: string;
  session: RoomSession;
  identity: Identity;
  onProfile(name: string, colour: number): void;
  onClose(): void;
}

/** The windows of a room. They load when the first of them is wanted. */
export function RoomWindows({ open, id, session, identity, onProfile, onClose }: Props) {
  switch (open) {
    case "share":
      return <ShareDialog id={id} session={session} onClose={onClose} />;
    case "profile":
      return <ProfileDialog identity={identity} onSave={onProfile} onClose={onClose} />;
    case "more":
      return <MoreDialog onClose={onClose} />;
  }
}
