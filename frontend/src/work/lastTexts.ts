/**
 * The last texts of rooms on this device, and where their person was in them: what a page shows that
 * is opened without a network, or before the server has answered. Nothing depends on them.
 */
import type { FileId } from "../link/protocol";
import type { KnownTexts } from "../room";

/** Where a person is in a file, in code points of the text that is shown. */
export interface Whereabouts {
  file: FileId;
  anchor: number;
  head: number;
  /** The start of the first line in view. */
  top: number;
}

export interface LastTexts extends KnownTexts {
  room: string;
  /** When it was written, in ms since 1970. */
  at: number;
  whereabouts: Whereabouts | null;
}

const NAME = "collab-texts";
const ROOMS = "rooms";
/** Of what is kept. Texts of another form are dropped. */
const FORM = 2;
/** Rooms that the device remembers. */
const MOST_ROOMS = 20;
/** ms that the device has for its answer before a room opens without it. */
const HASTE = 2000;
/** Code units of all texts of a room: larger ones are not kept. */
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

  /** Null where there is nothing, and where storage is missing, blocked, broken or slow to answer. */
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

  /** On its way when this returns, so that a page which is being left may call it. */
  put(texts: LastTexts): void {
    try {
      const how = { durability: "relaxed" } as const;
      const transaction = this.#open?.transaction(ROOMS, "readwrite", how);
      transaction?.objectStore(ROOMS).put(texts);
      // A page that is left hears of nothing any more, and what is not committed by then is undone.
      transaction?.commit();
    } catch {
      // Storage is full or gone: the page does without.
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
    // Where there is no IndexedDB this throws, and rejects.
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
