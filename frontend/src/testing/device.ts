/** Storage and locks of one device, shared by its pages, where every write waits to be let through. */
import type { Claim, Claims } from "../work/claims";
import type { Found, Kept } from "../work/records";
import type { Shelf } from "../work/shelf";

interface Request {
  page: DevicePage;
  run(): void;
  fail(): void;
}

export class Device {
  /** As they would be found on the disk. */
  records = new Map<string, Found>();
  /** The content after each write. */
  readonly #history: Map<string, Found>[] = [new Map()];
  /** In the order in which they will be done. */
  readonly requests: Request[] = [];
  readonly #holders = new Map<string, DevicePage>();
  /** The page that has a claim, or had it last. */
  readonly #last = new Map<string, DevicePage>();
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
    this.expire(page);
  }

  /** The leases of a page run out: it slept, or the clock jumped. Others may have them now. */
  expire(page: DevicePage): void {
    page.expired++;
    for (const [key, holder] of this.#holders) if (holder === page) this.release(key, page);
  }

  /** Of the last writes, so many never reached the disk. */
  forget(writes: number): void {
    const kept = Math.max(1, this.#history.length - writes);
    this.#history.length = kept;
    this.records = new Map(this.#history[kept - 1]);
  }

  written(): void {
    this.#history.push(new Map(this.records));
  }

  /** Tell whether the page that had a claim has it still, or again as nobody had it meanwhile. */
  renew(key: string, page: DevicePage): boolean {
    const mine = page.alive && this.#last.get(key) === page;
    if (mine) this.#holders.set(key, page);
    return mine;
  }

  claim(key: string, page: DevicePage): Promise<Claim> {
    return new Promise((grant) => {
      this.#waiting.push({ key, page, grant });
      this.#grant(key);
    });
  }

  holds(key: string, page: DevicePage): boolean {
    return this.#holders.get(key) === page;
  }

  release(key: string, page: DevicePage): void {
    if (!this.holds(key, page)) return;
    this.#holders.delete(key);
    this.#grant(key);
  }

  #grant(key: string): void {
    if (this.#holders.has(key)) return;
    const index = this.#waiting.findIndex((other) => other.key === key && other.page.alive);
    const [next] = index < 0 ? [] : this.#waiting.splice(index, 1);
    if (!next) return;
    const { page } = next;
    this.#holders.set(key, page);
    this.#last.set(key, page);
    next.grant({
      holds: () => this.holds(key, page) || page.renew(key),
      release: () => this.release(key, page),
    });
  }
}

/** The device as one page sees it. */
export class DevicePage implements Shelf, Claims {
  alive = true;
  /** The number of times its leases have run out. */
  expired = 0;
  readonly #device: Device;

  constructor(device: Device) {
    this.#device = device;
  }

  put(record: Kept): Promise<void> {
    const kept = structuredClone(record);
    return this.#ask(() => {
      this.#device.records.set(kept.key, kept);
      this.#device.written();
    });
  }

  remove(key: string): Promise<void> {
    return this.#ask(() => {
      this.#device.records.delete(key);
      this.#device.written();
    });
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

  renew(key: string): Promise<boolean> {
    return this.#ask(() => this.#device.renew(key, this));
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
