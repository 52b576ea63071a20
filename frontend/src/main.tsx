import { render } from "preact";
import { followKeys } from "./actions";
import { pathOf } from "./base";
import { roomPath, routeOf } from "./pages/address";
import { Landing } from "./pages/Landing";
import { Missing } from "./pages/Missing";
import { Opening } from "./pages/Opening";
import { keepSettings } from "./settings";
import { hideTipsOnEscape } from "./ui/Tip";
import { followViewport } from "./ui/viewport";
import "./styles/tokens.css";
import "./styles/base.css";
import "./styles/controls.css";
import "./styles/frame.css";
import "./styles/landing.css";

const page = document.getElementById("app") as HTMLElement;
const route = routeOf(pathOf(location.pathname));

hideTipsOnEscape();
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
  if (location.pathname !== roomPath(route.id)) {
    history.replaceState(null, "", roomPath(route.id) + location.search + location.hash);
  }
  render(<Opening id={route.id} />, page);
  // The editor is most of the program; the landing page does without it.
  import("./pages/Room").then(
    ({ Room }) => render(<Room id={route.id} />, page),
    () => render(<Opening id={route.id} failed />, page),
  );
}
