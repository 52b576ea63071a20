/** Where records are kept: IndexedDB, one database for all rooms. */
import type { Found, Kept } from "./records";

/** Every promise may be rejected: storage may be missing, blocked, full or broken. */
export interface Shelf {
  /** Resolves once it is written. What is asked for later is written later. */
  put(record: Kept): Promise<void>;
  remove(key: string): Promise<void>;
  get(key: string): Promise<Found | undefined>;
  /** Those of a room, the oldest first. */
  all(room: string): Promise<Found[]>;
}

const NAME = "collab";
const RECORDS = "records";
export const LEASES = "leases";

/** The database of this device, opened when it is first asked for and again after it was closed. */
export class Database implements Shelf {
  #opening: Promise<IDBDatabase> | null = null;
  #open: IDBDatabase | null = null;

  put(record: Kept): Promise<void> {
    return this.write(RECORDS, (store) => store.put(record));
  }

  remove(key: string): Promise<void> {
    return this.write(RECORDS, (store) => store.delete(key));
  }

  async get(key: string): Promise<Found | undefined> {
    const open = await this.#database();
    return answer(open.transaction(RECORDS).objectStore(RECORDS).get(key));
  }

  async all(room: string): Promise<Found[]> {
    const open = await this.#database();
    const found: Found[] = await answer(
      open.transaction(RECORDS).objectStore(RECORDS).index("room").getAll(room),
    );
    return found.sort((a, b) => a.at - b.at);
  }

  /**
   * One request that writes. Once the database is open, all of it is on its way when this returns:
   * a page that is being left has no time for more. A crash of the machine may lose it, one of the
   * page does not.
   */
  write(name: string, request: (store: IDBObjectStore) => IDBRequest): Promise<void> {
    if (!this.#open) return this.#database().then((open) => written(open, name, request));
    try {
      return written(this.#open, name, request);
    } catch (error) {
      // It was closed under us, and we are told so later.
      this.#open = this.#opening = null;
      return Promise.reject(error);
    }
  }

  /** One transaction that reads a lease and writes what `next` makes of it; null: nothing. */
  async change<T>(key: string, next: (lease: T | undefined) => T | null): Promise<boolean> {
    const open = await this.#database();
    const transaction = open.transaction(LEASES, "readwrite");
    const store = transaction.objectStore(LEASES);
    const lease = next(await answer(store.get(key)));
    if (lease !== null) store.put(lease);
    await ended(transaction);
    return lease !== null;
  }

  #database(): Promise<IDBDatabase> {
    this.#opening ??= this.#openNow().catch((error) => {
      this.#opening = null;
      throw error;
    });
    return this.#opening;
  }

  async #openNow(): Promise<IDBDatabase> {
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore(RECORDS, { keyPath: "key" }).createIndex("room", "room");
      request.result.createObjectStore(LEASES, { keyPath: "key" });
    };
    const open = await answer(request);
    const forget = () => {
      this.#open = this.#opening = null;
    };
    // A later version of the page must not wait for this one.
    open.onversionchange = () => {
      open.close();
      forget();
    };
    open.onclose = forget;
    this.#open = open;
    return open;
  }
}

function written(
  open: IDBDatabase,
  name: string,
  request: (store: IDBObjectStore) => IDBRequest,
): Promise<void> {
  const transaction = open.transaction(name, "readwrite", { durability: "relaxed" });
  request(transaction.objectStore(name));
  const end = ended(transaction);
  transaction.commit();
  return end;
}

function answer<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

function ended(transaction: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = transaction.onerror = () => reject(transaction.error);
  });
}
