import type { FunctionComponent } from "preact";
import { useEffect } from "preact/hooks";
import { loadPalette, PaletteWindow } from "../palette/PaletteWindow";
import type { Lines } from "../palette/paletteRows";
import type { RoomSession } from "../session";
import { useLoaded } from "../ui/useLoaded";
import { closeOverlay, type Overlay, overlay } from "./overlays";

interface Props {
  session: RoomSession;
  lines: Lines;
}

type Window = FunctionComponent<{ onClose(): void }>;

const LOAD: Record<Exclude<Overlay["name"], "palette">, () => Promise<Window>> = {
  settings: async () => (await import("../settings/Settings")).Settings,
  shortcuts: async () => (await import("../palette/Shortcuts")).Shortcuts,
};

/** ms after the page has a link at which all windows are fetched, for them to open without one. */
const UNASKED = 2000;

/** The window that is open, if one is. */
export function Overlays({ session, lines }: Props) {
  const open = overlay.value;
  const live = session.link.value.state === "live";
  useEffect(() => {
    if (!live) return;
    const fetchAll = () => {
      for (const load of [loadPalette, ...Object.values(LOAD)]) load().catch(() => {});
    };
    const timer = setTimeout(fetchAll, UNASKED);
    return () => clearTimeout(timer);
  }, [live]);
  if (!open) return null;
  const close = () => closeOverlay(open);
  const tell = () => {
    session.say("warn", "This part of the page could not be loaded. Try again online.");
  };
  const shared = { onClose: close, onFail: tell };
  return open.name === "palette" ? (
    <PaletteWindow key={open.opening} query={open.query} lines={lines} {...shared} />
  ) : (
    <Lazy key={open.opening} load={LOAD[open.name]} {...shared} />
  );
}

interface LazyProps {
  load(): Promise<Window>;
  onClose(): void;
  onFail(): void;
}

function Lazy({ load, onClose, onFail }: LazyProps) {
  const Loaded = useLoaded(load, () => {
    onClose();
    onFail();
  });
  return Loaded && <Loaded onClose={onClose} />;
}
