/** Code points, after `tidyName`. The server holds names to the same limit. */
export const ROOM_NAME_LIMIT = 60;
