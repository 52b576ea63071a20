import type { Props } from "../people/PeoplePanel";
import { useLoaded } from "../ui/useLoaded";
import { sideOpen } from "./side";

/** The place beside the editor, with the people in it once they are loaded. */
export function SidePanel(props: Props) {
  const Panel = useLoaded(
    async () => (await import("../people/PeoplePanel")).PeoplePanel,
    () => {
      sideOpen.value = false;
      props.session.say("warn", "This part of the page could not be loaded. Try again online.");
    },
  );
  return (
    <aside class="side" aria-label="People">
      {Panel ? <Panel {...props} /> : <div class="card side-card" />}
    </aside>
  );
}
