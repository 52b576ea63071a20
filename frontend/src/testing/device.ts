/** Storage and locks of one device, shared by its pages, where every write waits to be let through. */
import type { Claim, Claims } from "../journal/claims";
import type { Found, Kept } from "../journal/records";
import type { Shelf } from "../journal/shelf";

interface Request {
  page: DevicePage;
  run(): void;
  fail(): void;
}

export class Device {
  /** As they would be found on the disk. */
  readonly records = new Map<string, Found>();
  /** In the order in which they will be done. */
  readonly requests: Request[] = [];
  readonly #holders = new Map<string, DevicePage>();
  readonly #waiting: { key: string; page: DevicePage; grant(claim: Claim): void }[] = [];

  /** Do the next thing that was asked for, or refuse it. */
  step(fails = false): void {
    const request = this.requests.shift();
    if (fails) request?.fail();
    else request?.run();
  }

  /** A page is gone: so many of its requests are still done, the others never. Its claims are free. */
  died(page: DevicePage, done: number): void {
    const own = this.requests.filter((request) => request.page === page);
    for (const lost of own.slice(done)) this.requests.splice(this.requests.indexOf(lost), 1);
    for (const [key, holder] of this.#holders) if (holder === page) this.release(key);
  }

  claim(key: string, page: DevicePage): Promise<Claim> {
    return new Promise((grant) => {
      this.#waiting.push({ key, page, grant });
      this.#grant(key);
    });
  }

  release(key: string): void {
    this.#holders.delete(key);
    this.#grant(key);
  }

  #grant(key: string): void {
    if (this.#holders.has(key)) return;
    const index = this.#waiting.findIndex((other) => other.key === key && other.page.alive);
    const [next] = index < 0 ? [] : this.#waiting.splice(index, 1);
    if (!next) return;
    this.#holders.set(key, next.page);
    next.grant({ holds: () => true, release: () => this.release(key) });
  }
}

/** The device as one page sees it. */
export class DevicePage implements Shelf, Claims {
  alive = true;
  readonly #device: Device;

  constructor(device: Device) {
    this.#device = device;
  }

  put(record: Kept): Promise<void> {
    const kept = structuredClone(record);
    return this.#ask(() => void this.#device.records.set(kept.key, kept));
  }

  remove(key: string): Promise<void> {
    return this.#ask(() => void this.#device.records.delete(key));
  }

  get(key: string): Promise<Found | undefined> {
    return this.#ask(() => structuredClone(this.#device.records.get(key)));
  }

  all(room: string): Promise<Found[]> {
    return this.#ask(() =>
      structuredClone([...this.#device.records.values()].filter((found) => found.room === room)),
    );
  }

  claim(key: string): Promise<Claim> {
    return this.#device.claim(key, this);
  }

  #ask<T>(work: () => T): Promise<T> {
    return new Promise((resolve, reject) => {
      if (!this.alive) return;
      this.#device.requests.push({
        page: this,
        // Nobody is there to hear the answer to a page that is gone.
        run: () => {
          const answer = work();
          if (this.alive) resolve(answer);
        },
        fail: () => this.alive && reject(new Error("the disk is full")),
      });
    });
  }
}
