import { useSignal } from "@preact/signals";
import { SearchX } from "lucide";
import { useEffect } from "preact/hooks";
import { Icon } from "../ui/Icon";
import { PageHeader } from "../ui/PageHeader";
import { CreateRoom } from "./CreateRoom";
import { JoinRoom } from "./JoinRoom";

/** The address names no room: say so, with the two ways on. */
export function Missing() {
  const checking = useSignal(false);
  useEffect(() => {
    document.title = "Room not found · Collab";
  }, []);
  return (
    <div class="landing">
      <PageHeader />
      <main class="missing">
        <Icon of={SearchX} size={32} />
        <h1>Room not found</h1>
        <p class="lead">There is no room at this address. The link may be mistyped or cut short.</p>
        <div class="ways-on">
          <CreateRoom language="python" />
          {!checking.value && (
            <button
              class="button large"
              type="button"
              onClick={() => {
                checking.value = true;
              }}
            >
              Check the link
            </button>
          )}
        </div>
        {checking.value && <JoinRoom language="python" check={location.href} />}
      </main>
    </div>
  );
}
