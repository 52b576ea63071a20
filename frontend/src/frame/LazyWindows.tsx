import { useLoaded } from "../ui/useLoaded";
import type { Props } from "./RoomWindows";

/** `RoomWindows`, once they are here. */
export function LazyWindows(props: Props) {
  const Windows = useLoaded(
    async () => (await import("./RoomWindows")).RoomWindows,
    () => {
      props.onClose();
      props.session.say("warn", "This part of the page could not be loaded. Try again online.");
    },
  );
  return Windows && <Windows {...props} />;
}
