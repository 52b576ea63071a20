import type { Feature } from "../feature";
import { Toasts } from "./Toasts";
import "./notices.css";

/** What the page tells a person, over the page. */
export const notices: Feature = { id: "notices", parts: { page: Toasts } };
