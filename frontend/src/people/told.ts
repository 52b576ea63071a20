/** Notices of what others did besides editing. If the same person does it again, there is still one notice. */
import type { Listener } from "../link/exchange";
import type { Notices } from "../notices/notices";
import type { Received, RoomClient } from "../room";
import { saysOf } from "../room/changes";
import type { Company } from "./company";

export function toldOfOthers(room: RoomClient, company: Company, notices: Notices): Listener {
  const tell = ({ others }: Received) => {
    for (const { client, change, before } of others) {
      if (client === room.client) continue;
      const { person, name } = company.profileOf(client) ?? { person: "", name: "Somebody" };
      const words = saysOf(change, name, before);
      if (words) notices.add("info", words, { about: `${person} ${change.kind}` });
    }
  };
  return { joined: (_message, received) => received && tell(received), received: tell };
}
