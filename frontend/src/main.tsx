import { render } from "preact";
import { followKeys } from "./actions";
import { roomPath, routeOf } from "./address";
import { pathOf } from "./base";
import { Opening } from "./frame/Opening";
import { followViewport } from "./frame/viewport";
import { keepSettings } from "./settings/settings";
import { Landing } from "./start/Landing";
import { Missing } from "./start/Missing";
import { hideTipsOnEscape, placeTips } from "./ui/Tip";
import "./ui/tokens.css";
import "./ui/base.css";
import "./ui/controls.css";
import "./frame/frame.css";
import "./start/landing.css";

const page = document.getElementById("app") as HTMLElement;
const route = routeOf(pathOf(location.pathname));

hideTipsOnEscape();
placeTips();
followViewport();
followKeys();
keepSettings();
if (route.page === "landing") {
  document.title = "Collab · Write code together";
  render(<Landing />, page);
} else if (route.page === "missing") {
  render(<Missing />, page);
} else {
  // One room, one address, however somebody wrote it: it is handed on from here.
  const [, , , ...file] = pathOf(location.pathname).split("/");
  const address = [roomPath(route.id), ...file].join("/").replace(/\/+$/, "");
  if (location.pathname !== address) {
    history.replaceState(null, "", address + location.search + location.hash);
  }
  render(<Opening id={route.id} />, page);
  // The editor is most of the program; the landing page does without it.
  import("./frame/Room").then(
    ({ Room }) => render(<Room id={route.id} />, page),
    () => render(<Opening id={route.id} failed />, page),
  );
}
