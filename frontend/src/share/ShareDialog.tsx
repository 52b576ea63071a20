import { useSignal } from "@preact/signals";
import { Download, Link } from "lucide";
import { useEffect, useRef } from "preact/hooks";
import { find } from "../actions";
import type { WindowProps } from "../feature";
import { Parts } from "../frame/Parts";
import type { RoomSession } from "../session";
import { Dialog } from "../ui/Dialog";
import { Icon } from "../ui/Icon";
import { CopyLink, roomLink } from "./CopyLink";
import { QrCode } from "./QrCode";
import { isThisMachine, linkForOthers } from "./sharing";
import "./share.css";

const ONLY_HERE =
  "This link works on this machine only: the server listens to nobody else. Start it with --host 0.0.0.0 to let others in.";

/** The share dialog: the link, also as a QR code; what others will find; and the download of the file. */
export function ShareDialog({ room, onClose }: WindowProps) {
  const field = useRef<HTMLInputElement>(null);
  const refused = useSignal(false);
  const others = useLinkForOthers();
  const link = others ?? roomLink();
  const refuse = () => {
    refused.value = true;
    field.current?.select();
  };
  return (
    <Dialog title="Share this room" onClose={onClose}>
      <div class="link-line">
        <input
          ref={field}
          class="input"
          aria-label="Link to this room"
          readOnly
          value={link}
          onFocus={(event) => event.currentTarget.select()}
        />
        <CopyLink link={link} onRefused={refuse} />
      </div>
      <p class="problem" role="alert">
        {refused.value && "This browser does not let the page copy. The link is selected: copy it."}
      </p>
      <p class="share-who">
        <Icon of={Link} />
        {others === null ? ONLY_HERE : "Anyone with the link can read and write here."}
      </p>
      <div class="share-more">
        {others !== null && (
          <figure class="share-qr">
            <QrCode text={others ?? ""} label="QR code of the link" />
            <figcaption class="remark">Scan to join from a phone</figcaption>
          </figure>
        )}
        <div class="share-fields">
          <Parts at="share" room={room} />
          <FileOffer session={room.session} />
        </div>
      </div>
    </Dialog>
  );
}

/** The link that others can use. Null if there is none; undefined while the server is asked. */
function useLinkForOthers(): string | null | undefined {
  const others = useSignal<string | null | undefined>(
    isThisMachine(location.hostname) ? undefined : roomLink(),
  );
  useEffect(() => {
    if (others.peek() !== undefined) return;
    linkForOthers(roomLink()).then(
      (link) => {
        others.value = link;
      },
      () => {
        others.value = null;
      },
    );
  }, [others]);
  return others.value;
}

function FileOffer({ session }: { session: RoomSession }) {
  const file = session.activeFile.value;
  const action = find("file.download");
  if (!file || !action) return null;
  return (
    <div class="field">
      <span class="label">File</span>
      <button class="button" type="button" onClick={() => action.run()}>
        <Icon of={Download} />
        Download {file.path}
      </button>
    </div>
  );
}
