/** Keeps records in IndexedDB, in one database for all rooms. */
import type { Found, Kept } from "./records";

/** Every promise may be rejected: storage may be missing, blocked, full or broken. */
export interface Shelf {
  /** Resolves when the record is written. Records are written in the order of the calls. */
  put(record: Kept): Promise<void>;
  remove(key: string): Promise<void>;
  get(key: string): Promise<Found | undefined>;
  /** The records of a room, the oldest first. */
  all(room: string): Promise<Found[]>;
}

const NAME = "collab";
const RECORDS = "records";
export const LEASES = "leases";

/** The database of this device. It is opened when it is first used, and again after it was closed. */
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
   * Make one request that writes. If the database is open, the request is sent before this returns, because
   * a page that is being left has no more time. A crash of the machine may lose the write; a crash of the
   * page does not.
   */
  write(name: string, request: (store: IDBObjectStore) => IDBRequest): Promise<void> {
    if (!this.#open) return this.#database().then((open) => written(open, name, request));
    try {
      return written(this.#open, name, request);
    } catch (error) {
      // The database was closed meanwhile, and the event that says so comes later.
      this.#open = this.#opening = null;
      return Promise.reject(error);
    }
  }

  /** In one transaction, read a lease and write what `next` returns for it, unless that is null. */
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
    // A later version of the page must not wait for this one to close the database.
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
