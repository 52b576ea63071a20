import { Users } from "lucide";
import type { Feature } from "../feature";
import { lazyDialog } from "../frame/lazyDialog";
import { Announcer } from "./Announcer";
import { Avatars } from "./Avatars";
import { PANEL, peopleActions } from "./actions";
import { FollowBanner } from "./FollowBanner";
import { PeopleCount } from "./PeopleCount";
import { peopleOf } from "./store";
import "./people.css";

/** The people in the room: their avatars, a panel, following, and one's own name and colour. */
export const people: Feature = {
  id: "people",
  panes: [
    {
      ...PANEL,
      title: "People",
      icon: Users,
      section: "People",
      words: "who is here side",
      badge: ({ session }) => {
        const count = session.link.value.state === "live" ? session.people.value.length : 0;
        return count > 1 ? { count, words: `${count} here` } : null;
      },
      atFoot: true,
      load: async () => (await import("./PeoplePanel")).PeoplePanel,
    },
  ],
  dialogs: [lazyDialog("profile", async () => (await import("./ProfileDialog")).ProfileDialog)],
  actions: peopleActions,
  parts: { bar: Avatars, tabs: FollowBanner, status: PeopleCount, page: Announcer },
  attend: (room) => peopleOf(room).attend(),
};
