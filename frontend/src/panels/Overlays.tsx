import type { FunctionComponent } from "preact";
import { closeOverlay, type Overlay, overlay } from "../overlays";
import type { RoomSession } from "../session";
import { useLoaded } from "../ui/useLoaded";
import { PaletteWindow } from "./PaletteWindow";

interface Props {
  session: RoomSession;
  goToLine(line: number, column: number): void;
}

type Window = FunctionComponent<{ onClose(): void }>;

const LOAD: Record<Exclude<Overlay["name"], "palette">, () => Promise<Window>> = {
  settings: async () => (await import("./Settings")).Settings,
  shortcuts: async () => (await import("./Shortcuts")).Shortcuts,
};

/** The window that is open, if one is. */
export function Overlays({ session, goToLine }: Props) {
  const open = overlay.value;
  if (!open) return null;
  const close = () => closeOverlay(open);
  const fail = () => {
    close();
    session.say("warn", "This part of the page could not be loaded. Try again online.");
  };
  const shared = { onClose: close, onFail: fail };
  return open.name === "palette" ? (
    <PaletteWindow key={open.opening} query={open.query} goToLine={goToLine} {...shared} />
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
  const Loaded = useLoaded(load, onFail);
  return Loaded && <Loaded onClose={onClose} />;
}
