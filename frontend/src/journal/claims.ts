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
  /** ms since 1970. */
  until: number;
}

/** ms. The timers of a page in the background may run but once a minute. */
const TERM = 90_000;
const RENEW = 15_000;
const LOOK_AGAIN = 1000;

/**
 * A lease is renewed as long as its page lives, and given back when that is left; after a crash it runs
 * out. A page that slept through its term asks before it writes: another may have gone on with its work.
 */
class Leases implements Claims {
  readonly #database: Database;
  readonly #holder = crypto.getRandomValues(new Uint32Array(1))[0] as number;

  constructor(database: Database) {
    this.#database = database;
  }

  async claim(key: string, signal: AbortSignal): Promise<Claim> {
    while (!(await this.#take(key, (lease) => !lease || lease.until < Date.now()))) {
      await pause(LOOK_AGAIN, signal);
    }
    return this.#held(key);
  }

  #held(key: string): Claim {
    let until = Date.now() + TERM;
    const renew = async () => {
      const next = Date.now() + TERM;
      const mine = await this.#take(key, (lease) => lease?.holder === this.#holder);
      until = mine ? next : 0;
      return mine;
    };
    const timer = setInterval(() => void renew().catch(() => {}), RENEW);
    const release = () => {
      clearInterval(timer);
      removeEventListener("pagehide", release);
      if (until > Date.now()) {
        this.#database.write(LEASES, (store) => store.delete(key)).catch(() => {});
      }
    };
    addEventListener("pagehide", release);
    return { holds: () => (until > Date.now() ? true : renew()), release };
  }

  #take(key: string, may: (lease: Lease | undefined) => boolean): Promise<boolean> {
    const mine = { key, holder: this.#holder, until: Date.now() + TERM };
    return this.#database.change<Lease>(key, (lease) => (may(lease) ? mine : null));
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
