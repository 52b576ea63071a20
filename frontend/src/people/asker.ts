/** The headers of requests that change a room. They tell the server the author of its entries, as `join` does. */
import type { RoomContext } from "../feature";

export type Asker = Readonly<Record<string, string>>;

/** Return the headers for the person here, under the name that they have now. */
export function askerOf({ session }: RoomContext): Asker {
  return headersOf(session.self);
}

export function headersOf({ name, person }: { name: string; person: string }): Asker {
  return { "X-Collab-Name": encodeURIComponent(name), "X-Collab-Person": person };
}
