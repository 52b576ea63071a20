/** The most code points in a room's name after `tidyName`. The server enforces the same limit. */
export const ROOM_NAME_LIMIT = 60;
