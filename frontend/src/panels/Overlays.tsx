import type { FunctionComponent } from "preact";
import { closeOverlay, type Overlay, overlay } from "../overlays";
import type { RoomSession } from "../session";
import { useLoaded } from "../ui/useLoaded";
import { PaletteWindow } from "./PaletteWindow";

interface Props {
  session: RoomSession;
  goToLine(line: number, column: number): void;
}

const LOAD: Record<Exclude<Overlay["name"], "palette">, () => Promise<FunctionComponent>> = {
  settings: async () => (await import("./Settings")).Settings,
  shortcuts: async () => (await import("./Shortcuts")).Shortcuts,
};

/** The window that is open, if one is. */
export function Overlays({ session, goToLine }: Props) {
  const open = overlay.value;
  const fail = () => {
    closeOverlay();
    session.say("warn", "This part of the page could not be loaded. Try again online.");
  };
  if (!open) return null;
  if (open.name === "palette") {
    return <PaletteWindow query={open.query} goToLine={goToLine} onFail={fail} />;
  }
  return <Window key={open.name} load={LOAD[open.name]} onFail={fail} />;
}

function Window({ load, onFail }: { load(): Promise<FunctionComponent>; onFail(): void }) {
  const Loaded = useLoaded(load, onFail);
  return Loaded && <Loaded />;
}
