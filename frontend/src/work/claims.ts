/** Claims on records. One page at a time has a record's claim, and it ends when that page is gone. */
import { type Database, LEASES } from "./shelf";

export interface Claim {
  /** False once another page may have the claim. */
  holds(): boolean | Promise<boolean>;
  release(): void;
}

export interface Claims {
  /** Waits until nobody else has the record of this key. Rejected if `signal` aborts. */
  claim(key: string, signal: AbortSignal): Promise<Claim>;
}

/** Uses Web Locks if the browser has them, and leases otherwise, as on plain HTTP. */
export function claimsOf(database: Database): Claims {
  return navigator.locks ? webLocks(navigator.locks) : new Leases(database);
}

/** The browser frees the locks of a page that is gone, however it ended. */
function webLocks(locks: LockManager): Claims {
  return {
    claim: (key, signal) =>
      new Promise((resolve, reject) => {
        const hold = () =>
          new Promise<void>((release) => {
            resolve({ holds: () => true, release });
          });
        locks.request(`collab ${key}`, { signal }, hold).catch(reject);
      }),
  };
}

interface Lease {
  key: string;
  holder: number;
  /** The end of the lease, in ms since 1970. `GIVEN_BACK` if its page was put into the browser's cache. */
  until: number;
}

const GIVEN_BACK = 0;

/** ms. Timers of a page in the background may run only once a minute. */
const TERM = 90_000;
const RENEW = 15_000;
const LOOK_AGAIN = 1000;

/**
 * A page renews its lease as long as it lives, and gives it back when it is left; after a crash the lease
 * expires. A page that slept until its lease expired, or that was in the browser's cache, asks before it
 * writes, because another page may have continued its work. When several pages wake together, each renews
 * its own lease before another page takes it.
 */
class Leases implements Claims {
  readonly #database: Database;
  readonly #holder = crypto.getRandomValues(new Uint32Array(1))[0] as number;

  constructor(database: Database) {
    this.#database = database;
  }

  async claim(key: string, signal: AbortSignal): Promise<Claim> {
    /** The `until` of the expired lease at the last look. */
    let seen: number = GIVEN_BACK;
    const free = (lease: Lease | undefined) => {
      const until = lease?.until ?? GIVEN_BACK;
      if (until >= Date.now()) return false;
      const again = until === GIVEN_BACK || until === seen;
      seen = until;
      return again;
    };
    for (;;) {
      const until = await this.#take(key, free);
      if (until !== null) return this.#held(key, until);
      await pause(LOOK_AGAIN, signal);
    }
  }

  #held(key: string, term: number): Claim {
    let until = term;
    const renew = async () => {
      const next = await this.#take(key, (lease) => lease?.holder === this.#holder);
      until = next ?? 0;
      return next !== null;
    };
    const timer = setInterval(() => void renew().catch(() => {}), RENEW);
    const giveBack = (request: (store: IDBObjectStore) => IDBRequest) => {
      if (until > Date.now()) this.#database.write(LEASES, request).catch(() => {});
      until = 0;
    };
    const release = () => {
      clearInterval(timer);
      removeEventListener("pagehide", leave);
      giveBack((store) => store.delete(key));
    };
    const leave = ({ persisted }: PageTransitionEvent) => {
      if (!persisted) return release();
      // It names the holder, so that the page knows when it comes back whether another page had the lease.
      giveBack((store) => store.put({ key, holder: this.#holder, until: GIVEN_BACK }));
    };
    addEventListener("pagehide", leave);
    return { holds: () => (until > Date.now() ? true : renew()), release };
  }

  /** Take the lease if `may` allows it. Returns its end, or null. */
  async #take(key: string, may: (lease: Lease | undefined) => boolean): Promise<number | null> {
    const mine = { key, holder: this.#holder, until: Date.now() + TERM };
    const taken = await this.#database.change<Lease>(key, (lease) => (may(lease) ? mine : null));
    return taken ? mine.until : null;
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const abort = () => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener("abort", abort);
      resolve();
    }, ms);
    signal.addEventListener("abort", abort);
  });
}
