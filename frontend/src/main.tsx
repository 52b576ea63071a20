import { render } from "preact";
import { followKeys } from "./actions";
import { roomPath, routeOf } from "./address";
import { pathOf } from "./base";
import { Opening } from "./frame/Opening";
import { followViewport } from "./frame/viewport";
import { keepSettings } from "./settings/settings";
import { hideTipsOnEscape, placeTips } from "./ui/Tip";
import "./ui/tokens.css";
import "./ui/base.css";
import "./ui/controls.css";
import "./frame/frame.css";
import "./frame/panes.css";
import "./frame/stage.css";
import "./frame/foot.css";
import "./start/landing.css";
import { loaded } from "./ui/loaded";

const page = document.getElementById("app") as HTMLElement;
const route = routeOf(pathOf(location.pathname));

hideTipsOnEscape();
placeTips();
followViewport();
followKeys();
keepSettings();
if (route.page === "room") {
  // One room, one address, however somebody wrote it: it is handed on from here.
  const [, , , ...file] = pathOf(location.pathname).split("/");
  const address = [roomPath(route.id), ...file].join("/").replace(/\/+$/, "");
  if (location.pathname !== address) {
    history.replaceState(null, "", address + location.search + location.hash);
  }
  render(<Opening id={route.id} />, page);
  if (location.hash.startsWith("#key=")) {
    loaded(
      async () => (await import("./access/enter")).enterByLink,
      (enterByLink) => void enterByLink(route.id),
      () => render(<Opening id={route.id} failed />, page),
    );
  }
  // The editor is most of the program; the landing page does without it.
  loaded(
    // Picked here, so that the build needs no object of all exports, and no file for making one.
    async () => (await import("./frame/Room")).Room,
    (Room) => render(<Room id={route.id} />, page),
    () => render(<Opening id={route.id} failed />, page),
  );
} else {
  if (route.page === "landing") document.title = "Collab · Write code together";
  loaded(
    () => import("./start/pages"),
    ({ Landing, Missing }) => render(route.page === "landing" ? <Landing /> : <Missing />, page),
    () => {
      page.textContent = "The page could not be loaded. Reload it to try again.";
    },
  );
}
