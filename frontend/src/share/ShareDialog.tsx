import { useSignal } from "@preact/signals";
import { CopyPlus, Download, Link } from "lucide";
import { useEffect, useRef } from "preact/hooks";
import { sentenceOf } from "../access/standing";
import { find, titleOf } from "../actions";
import { roomLink } from "../address";
import type { RoomContext, WindowProps } from "../feature";
import { Guard } from "../frame/Guard";
import type { RoomSession } from "../session";
import { Dialog } from "../ui/Dialog";
import { Icon } from "../ui/Icon";
import { useLoaded } from "../ui/useLoaded";
import { CopyLink } from "./CopyLink";
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
  const parts = useLoaded(
    () => partsOf(room),
    () => {},
  );
  // It opens whole: what came later would move what is there.
  if (!parts) return null;
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
        {others === null ? ONLY_HERE : sentenceOf(room.session.standing.value)}
      </p>
      {others === null && <p class="remark">{sentenceOf(room.session.standing.value)}</p>}
      <div class="share-more">
        {others !== null && (
          <figure class="share-qr">
            <QrCode text={others ?? ""} label="QR code of the link" />
            <figcaption class="remark">Scan to join from a phone</figcaption>
          </figure>
        )}
        <div class="share-fields">
          {parts.map(({ id, Shown }) => (
            <Guard key={id}>{Shown && <Shown room={room} />}</Guard>
          ))}
          <FileOffer session={room.session} />
          <CopyOffer />
        </div>
      </div>
    </Dialog>
  );
}

/** What the features show here. A part that cannot be loaded is left out. */
function partsOf({ features }: RoomContext) {
  return Promise.all(
    features.map(async ({ id, ofShare }) => ({ id, Shown: await ofShare?.().catch(() => null) })),
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

function CopyOffer() {
  const action = find("room.copy");
  if (!action) return null;
  return (
    <div class="field">
      <span class="label">Room</span>
      <button class="button" type="button" onClick={() => action.run()}>
        <Icon of={CopyPlus} />
        {titleOf(action)}
      </button>
    </div>
  );
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
