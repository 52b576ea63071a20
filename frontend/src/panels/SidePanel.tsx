import { useLoaded } from "../ui/useLoaded";
import type { Props } from "./PeoplePanel";
import { sideOpen } from "./side";

/** The place beside the editor, with the people in it once they are loaded. */
export function SidePanel(props: Props) {
  const Panel = useLoaded(
    async () => (await import("./PeoplePanel")).PeoplePanel,
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
