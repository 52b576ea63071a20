/** One room as one client knows it, without I/O. */
export { RoomClient } from "./client";
export type { KeptChange, Work } from "./ownWork";
export type { Received } from "./reading";
