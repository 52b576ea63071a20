/**
 * The last texts of rooms on this device, and the person's place in them. A page shows them when it is
 * opened without a network, or before the server has answered. Nothing else depends on them.
 */
import type { FileId } from "../link/protocol";
import type { KnownTexts } from "../room";

/** A person's place in a file, in code points of the shown text. */
export interface Whereabouts {
  file: FileId;
  anchor: number;
  head: number;
  /** The start of the first line in view. */
  top: number;
}

export interface LastTexts extends KnownTexts {
  room: string;
  /** The time of writing, in ms since 1970. */
  at: number;
  whereabouts: Whereabouts | null;
}

const NAME = "collab-texts";
const ROOMS = "rooms";
/** The version of the form of kept texts. Texts of another form are dropped. */
const FORM = 3;
/** The most rooms that the device remembers. */
const MOST_ROOMS = 20;
/** ms that the storage may take to answer before a room opens without its texts. */
const HASTE = 2000;
/** The most code units of all texts of a room. Larger rooms are not kept. */
export const LONGEST = 2_000_000;

export class TextShelf {
  readonly #opening: Promise<IDBDatabase>;
  #open: IDBDatabase | null = null;

  constructor() {
    this.#opening = opened();
    this.#opening.then(
      (open) => {
        this.#open = open;
        forgetOldest(open.transaction(ROOMS, "readwrite").objectStore(ROOMS));
        open.onclose = open.onversionchange = () => {
          open.close();
          this.#open = null;
        };
      },
      () => {},
    );
  }

  /** The texts of a room. Null if there are none, or the storage is missing, blocked, broken or slow. */
  get(room: string): Promise<LastTexts | null> {
    const late = new Promise<null>((resolve) => setTimeout(resolve, HASTE, null));
    return Promise.race([this.#read(room), late]);
  }

  async #read(room: string): Promise<LastTexts | null> {
    try {
      const request = (await this.#opening).transaction(ROOMS).objectStore(ROOMS).get(room);
      return await new Promise((resolve) => {
        request.onsuccess = () => resolve(request.result ?? null);
        request.onerror = () => resolve(null);
      });
    } catch {
      return null;
    }
  }

  /** Keep the texts. The request is sent before this returns, so a page that is being left may call it. */
  put(texts: LastTexts): void {
    try {
      const how = { durability: "relaxed" } as const;
      const transaction = this.#open?.transaction(ROOMS, "readwrite", how);
      transaction?.objectStore(ROOMS).put(texts);
      // A page that is left gets no more events, and the browser undoes what is not committed by then.
      transaction?.commit();
    } catch {
      // The storage is full or gone, so the page does without it.
    }
  }
}

function forgetOldest(rooms: IDBObjectStore): void {
  const keys = rooms.index("at").getAllKeys();
  keys.onsuccess = () => {
    for (const key of keys.result.slice(0, -MOST_ROOMS)) rooms.delete(key);
  };
}

function opened(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    // Without IndexedDB this throws, so the promise is rejected.
    const request = indexedDB.open(NAME, FORM);
    request.onupgradeneeded = () => {
      // Texts of another form are not read: the server has them all.
      if (request.result.objectStoreNames.contains(ROOMS)) request.result.deleteObjectStore(ROOMS);
      request.result.createObjectStore(ROOMS, { keyPath: "room" }).createIndex("at", "at");
    };
    request.onsuccess = () => resolve(request.result);
    request.onerror = request.onblocked = () => reject(request.error);
  });
}
