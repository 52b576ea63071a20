/** Whose a record is: one page at a time, and nobody's once its page is gone. */
import { type Database, LEASES } from "./shelf";

export interface Claim {
  /** False once another page may have it. */
  holds(): boolean | Promise<boolean>;
  release(): void;
}

export interface Claims {
  /** Waits until nobody else has the record of this key, until `signal` aborts: then it is rejected. */
  claim(key: string, signal: AbortSignal): Promise<Claim>;
}

/** Web Locks where there are any; leases on plain HTTP. */
export function claimsOf(database: Database): Claims {
  return navigator.locks ? webLocks(navigator.locks) : new Leases(database);
}

/** The browser frees the locks of a page that is gone, however it went. */
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
  /** ms since 1970; `GIVEN_BACK` by a page that was put away whole and may come back. */
  until: number;
}

const GIVEN_BACK = 0;

/** ms. The timers of a page in the background may run but once a minute. */
const TERM = 90_000;
const RENEW = 15_000;
const LOOK_AGAIN = 1000;

/**
 * A lease is renewed as long as its page lives, and given back when that is left; after a crash it runs
 * out. A page that slept through its term, or was put away, asks before it writes: another may have gone
 * on with its work. Pages that have slept together renew before one takes the lease of another.
 */
class Leases implements Claims {
  readonly #database: Database;
  readonly #holder = crypto.getRandomValues(new Uint32Array(1))[0] as number;

  constructor(database: Database) {
    this.#database = database;
  }

  async claim(key: string, signal: AbortSignal): Promise<Claim> {
    /** Of the lease that was over when we looked last. */
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
      // It says whose it was, so that the page knows when it comes back whether another had it.
      giveBack((store) => store.put({ key, holder: this.#holder, until: GIVEN_BACK }));
    };
    addEventListener("pagehide", leave);
    return { holds: () => (until > Date.now() ? true : renew()), release };
  }

  /** Until when the lease is ours now; null: it may not be. */
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
