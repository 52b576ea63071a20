import type { Feature } from "../feature";
import { Toasts } from "./Toasts";
import "./notices.css";

/** Shows the session's notices over the page. */
export const notices: Feature = { id: "notices", parts: { page: Toasts } };
