import { useSignal } from "@preact/signals";
import { SearchX } from "lucide";
import { useEffect } from "preact/hooks";
import { Icon } from "../ui/Icon";
import { CreateRoom } from "./CreateRoom";
import { JoinRoom } from "./JoinRoom";
import { PageHeader } from "./PageHeader";

interface Props {
  /** The number of changes of this device that the server has not saved. */
  unsaved?: number;
  /** Tells whether the device keeps these changes. */
  kept?: boolean;
  /** Copies the text with these changes; null if the text is not available. */
  onCopy?: (() => void) | null;
}

/** The page for an address without a room. It offers to create a room or to join another one. */
export function Missing({ unsaved = 0, kept = false, onCopy = null }: Props) {
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
        <p class="lead">
          There is no room at this address, or you have no access to it. The link may be mistyped or
          cut short. If the room is somebody else's, ask them for a link that lets you in, or sign
          in with the account that they know.
        </p>
        {unsaved > 0 && (
          <div role="status">
            <span>
              {unsaved === 1 ? "1 change of yours is" : `${unsaved} changes of yours are`} not
              saved.{" "}
              {kept
                ? "This device keeps them for when the room is there again."
                : "They are in this page alone."}
            </span>
            {onCopy && (
              <button class="button" type="button" onClick={onCopy}>
                Copy the text
              </button>
            )}
          </div>
        )}
        <div class="ways-on">
          <CreateRoom template="empty" />
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
        {checking.value && <JoinRoom template="empty" check={location.href} />}
      </main>
    </div>
  );
}
