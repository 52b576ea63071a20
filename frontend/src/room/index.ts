/** The room as one client knows it, without I/O. */
export { type KnownTexts, RoomClient } from "./client";
export type { KeptChange, Work } from "./ownWork";
export type { Received } from "./reading";
