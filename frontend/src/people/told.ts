/** Notices of what others did besides editing. If the same person does it again, there is still one notice. */
import type { Listener } from "../link/events";
import type { Change } from "../link/protocol";
import type { Notices } from "../notices/notices";
import type { Received, RoomClient } from "../room";
import { saysOf } from "../room/changes";
import type { Company } from "./company";

/** `onOwn` is told of each change that an own request to the server has made. */
export function toldOfOthers(
  room: RoomClient,
  company: Company,
  notices: Notices,
  onOwn: (change: Change) => void,
): Listener {
  const tell = ({ others }: Received) => {
    for (const { client, change, before } of others) {
      if (client === room.client) continue;
      // An own request to the server has a client of its own.
      if (company.isOwnRequest(client)) {
        onOwn(change);
        continue;
      }
      const { person, name } = company.authorOf(client);
      const words = saysOf(change, name, before);
      if (words) notices.add("info", words, { about: `${person} ${change.kind}` });
    }
  };
  return { joined: (_message, received) => received && tell(received), received: tell };
}
