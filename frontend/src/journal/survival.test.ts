/**
 * Pages of one device are opened, duplicated, left and killed at every point, over links that break,
 * while their people type. In the end every letter that was said to be saved or kept is in the room
 * once, and no letter is there twice.
 *
 * `FUZZ_SEEDS=1000-6000 npx vitest run survival` runs other seeds.
 */
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Exchange, type Place, type Screen } from "../exchange";
import { Operation } from "../ot";
import { CommittedLog, FILE } from "../testing/committedLog";
import { Device, DevicePage } from "../testing/device";
import { Random } from "../testing/random";
import { Server, type Wire } from "../testing/wire";
import type { Found } from "./records";
import { textOf, understood } from "./records";
import { Salvage } from "./salvage";

const STEPS = 250;
const MOST_PAGES = 3;
const PROFILE = { person: "p", name: "Ann", colour: 0 };

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "Date", "performance"] });
});
afterEach(() => {
  vi.useRealTimers();
});

class World {
  readonly random: Random;
  readonly device = new Device();
  readonly server: Server;
  pages: Page[] = [];
  /** All that was offered to people as a text. */
  offered = "";
  /** Letters that a person was told are safe. */
  readonly promised = new Set<string>();
  #letters = 0x4e00;

  readonly faulty: boolean;

  constructor(seed: number, longest: number, faulty: boolean) {
    this.faulty = faulty;
    this.random = new Random(seed);
    this.server = new Server(new CommittedLog("", longest));
    this.open();
  }

  letter(): string {
    return String.fromCodePoint(this.#letters++);
  }

  open(): void {
    if (this.pages.length < MOST_PAGES) this.pages.push(new Page(this));
  }

  /** A page is gone, from one moment to the next or after it was told so. */
  end(page: Page, told: boolean): void {
    page.end(told, this.random.below(3));
    this.pages = this.pages.filter((other) => other !== page);
  }

  /** One request after the other is done, and all that is under way arrives, until nothing is left. */
  async quieten(): Promise<void> {
    for (let quiet = 0; quiet < 8; quiet++) {
      while (this.device.requests.length > 0) {
        this.device.step();
        await settle();
        quiet = 0;
      }
      for (const link of this.server.links.filter(({ up }) => up.length > 0)) {
        this.server.serve(link);
        quiet = 0;
      }
      for (const wire of this.server.wires) {
        if (wire.mayOpen) wire.open();
        if (!wire.link?.down.length && !wire.link?.replaced) continue;
        wire.read();
        await settle();
        quiet = 0;
      }
      await vi.advanceTimersByTimeAsync(1000);
    }
  }

  check(): void {
    const { log } = this.server;
    const counts = new Map<string, number>();
    for (const letter of log.text) counts.set(letter, (counts.get(letter) ?? 0) + 1);
    expect([...counts].filter(([, count]) => count > 1)).toEqual([]);
    const gone = [...this.promised].filter((l) => !counts.has(l) && !this.offered.includes(l));
    expect(gone).toEqual([]);
    expect(log.fold()).toBe(log.text);
    for (const { exchange } of this.pages) {
      expect(exchange.room.text(FILE)).toBe(log.text);
      expect(exchange.unsaved.value).toBe(0);
    }
    const left = [...this.device.records.values()].map(understood);
    expect(left.filter((record) => record?.kind === "work")).toEqual([]);
  }
}

/** What a session is, without anything to look at. */
class Page {
  readonly exchange: Exchange;
  readonly salvage: Salvage;
  readonly storage: DevicePage;
  readonly #world: World;
  readonly #wires: Wire[] = [];
  readonly #typed: string[] = [];

  constructor(world: World) {
    this.#world = world;
    this.storage = new DevicePage(world.device);
    const place: Place = {
      room: "room",
      shelf: this.storage,
      connect: (owner) => {
        const wire = world.server.connect(owner);
        this.#wires.push(wire);
        return wire;
      },
    };
    const offer = (text: string) => {
      world.offered += text;
    };
    const nothing = () => {};
    const screen: Screen = {
      profile: () => PROFILE,
      joined: nothing,
      received: nothing,
      people: nothing,
      mended: nothing,
      refused: (_file, _edit, lost) => offer(lost),
      gaveUp: (work) => offer(textOf(work)),
      turnedAway: nothing,
      replaced: () => this.exchange.become(this.salvage.newcomer()),
    };
    this.exchange = new Exchange(place, screen);
    this.salvage = new Salvage(place, this.storage, {
      profile: () => PROFILE,
      lost: (_why, text) => offer(text),
      found: (found: Found) => offer(JSON.stringify(found)),
    });
    this.salvage.author().then((author) => this.exchange.start(author));
  }

  type(): void {
    const { room } = this.exchange;
    if (room.restored || room.files.length === 0) return;
    const letter = this.#world.letter();
    this.#typed.push(letter);
    const length = [...room.text(FILE)].length;
    const at = this.#world.random.below(Math.min(length, 4) + 1);
    this.exchange.edit(FILE, new Operation([at, letter, length - at]));
  }

  /** What the person is told now must hold. */
  listen(): void {
    if (this.exchange.room.files.length === 0) return;
    const { unsaved, live, atRisk } = this.exchange;
    if (live && unsaved.value === 0) {
      for (const letter of this.#typed) {
        if (this.#world.offered.includes(letter)) continue;
        expect(this.#world.server.log.text).toContain(letter);
      }
    }
    // Storage that fails may take back what it had kept, and its page says so then.
    if (atRisk || this.#world.faulty) return;
    for (const letter of this.#typed) this.#world.promised.add(letter);
  }

  end(told: boolean, requestsDone: number): void {
    if (told) this.exchange.flush();
    this.storage.alive = false;
    this.#world.device.died(this.storage, requestsDone);
    // What is on its way to the server may arrive whenever it does.
    for (const wire of this.#wires) wire.close();
  }
}

/** Let all that follow at once from what happened happen. */
async function settle(): Promise<void> {
  await vi.advanceTimersByTimeAsync(0);
}

/** `faulty` of a hundred requests to the storage fail; time may be `long` while they wait. */
async function live(
  seed: number,
  { longest = 10_000, faulty = 0, long = 120 } = {},
): Promise<World> {
  const world = new World(seed, longest, faulty > 0);
  const { random, device, server } = world;
  for (let step = 0; step < STEPS; step++) {
    const page = world.pages[random.below(world.pages.length)];
    const wire = server.wires[random.below(server.wires.length)];
    const link = server.links[random.below(server.links.length)];
    const what = random.below(100);
    if (what < 25) page?.type();
    else if (what < 45) device.step(random.chance(faulty));
    else if (what < 60) wire?.read();
    else if (what < 75) link && server.serve(link);
    else if (what < 84) wire?.mayOpen && wire.open();
    else if (what < 87) wire?.link && wire.lose(random.below(3));
    else if (what < 92) await vi.advanceTimersByTimeAsync(random.pick([30, 120, long]));
    else if (what < 95) world.open();
    else if (what < 97) page?.salvage.look();
    else if (page) world.end(page, random.chance(50));
    await settle();
    for (const alive of world.pages) alive.listen();
  }
  await world.quieten();
  world.open();
  await world.quieten();
  for (const { salvage } of world.pages) salvage.look();
  await world.quieten();
  world.check();
  return world;
}

function seeds(count: number): number[] {
  const [from, to] = (import.meta.env.FUZZ_SEEDS ?? `0-${count}`).split("-").map(Number);
  return Array.from({ length: to - from }, (_, index) => from + index);
}

test.each(seeds(150))("every letter is there once, seed %i", async (seed) => {
  const { offered } = await live(seed);
  // And nobody was bothered.
  expect(offered).toBe("");
});

test.each(seeds(60))("refused letters are handed back, seed %i", async (seed) => {
  await live(seed, { longest: 8 });
});

test.each(seeds(60))("storage that tarries loses and doubles nothing, seed %i", async (seed) => {
  await live(seed, { long: 700 });
});

test.each(seeds(60))("storage that fails doubles nothing, seed %i", async (seed) => {
  await live(seed, { faulty: 20, long: 700 });
});
