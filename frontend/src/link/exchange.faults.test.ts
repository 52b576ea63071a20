/** Tests that errors of what is shown are kept from the exchange and its work. */
import { effect } from "@preact/signals";
import { afterEach, beforeEach, describe, expect, type MockInstance, test, vi } from "vitest";
import { FILE } from "../testing/committedLog";
import {
  answer,
  begin,
  bob,
  commit,
  enter,
  exchange,
  hear,
  lastSubmit,
  line,
  log,
  owner,
  screen,
  type,
} from "../testing/exchanging";

describe("faults of what is shown", () => {
  let logging: MockInstance<typeof console.error>;
  beforeEach(() => {
    logging = vi.spyOn(console, "error").mockImplementation(() => {});
  });
  afterEach(() => logging.mockRestore());

  /** Listeners of all these events, each of which throws another error. */
  function breakAll(): void {
    for (const [event, listener] of Object.entries(screen)) {
      listener.mockImplementation(() => {
        throw new Error(`a fault of ${event}`);
      });
    }
  }

  test("do not touch the work that is not saved, nor the link, and are logged once", async () => {
    breakAll();
    await enter();
    await type(3, "d");
    await bob("x", 3);
    await bob("y", 4);
    await hear({ type: "person", client: "bob", number: 7, person: "q", name: "Bo", colour: 1 });
    await type(6, "e");
    expect([exchange.room.text(FILE), exchange.unsaved.value]).toEqual(["yxabcde", 2]);
    expect([exchange.phase.value, exchange.live]).toEqual(["open", true]);
    await commit();
    await answer();
    await commit();
    expect([log.text, exchange.unsaved.value]).toEqual(["yxabcde", 0]);
    expect(line.restart).not.toHaveBeenCalled();
    const logged = logging.mock.calls.map(([error]) => String(error));
    expect(logged).toEqual(["joined", "received", "people"].map((of) => `Error: a fault of ${of}`));
  });

  test("of a refusal leave the next change to be sent", async () => {
    breakAll();
    await enter();
    await type(3, "d");
    await type(4, "e");
    await hear({ type: "refused", seq: 1, code: "text_too_large", message: "It is full." });
    await answer();
    expect(lastSubmit()).toMatchObject({ seq: 2, change: ["edit", FILE, [3, "e"]] });
  });

  test("in one listener are kept from the other listeners", async () => {
    const heard: string[] = [];
    const broken = { received: () => JSON.parse("no JSON") };
    const whole = { received: () => heard.push("received") };
    begin(broken, whole);
    await enter();
    await bob(3, "!");
    expect(heard).toEqual(["received"]);
  });

  test("in what follows a signal are kept from the room", async () => {
    const signals = [
      "phase",
      "link",
      "unsaved",
      "savingSince",
      "facts",
      "updatedAt",
      "kept",
    ] as const;
    for (const name of signals) {
      let first = true;
      effect(() => {
        void exchange[name].value;
        if (!first) throw new Error(`a pane that shows ${name}`);
        first = false;
      });
    }
    await enter();
    await type(3, "d");
    exchange.submit({ kind: "name", name: "Orbits" });
    await answer();
    await bob("x", 3);
    await commit();
    await answer();
    await commit();
    await vi.advanceTimersByTimeAsync(1000);
    await answer();
    expect([log.text, exchange.unsaved.value, exchange.facts.value.name]).toEqual([
      "xabcd",
      0,
      "Orbits",
    ]);
    expect(line.restart).not.toHaveBeenCalled();
    expect(screen.gaveUp).not.toHaveBeenCalled();
  });

  test("are not what makes no sense: an entry out of its order still is", async () => {
    await enter();
    expect(() => owner.receive({ type: "entries", revision: 7, entries: [] })).toThrow(
      "came after",
    );
  });
});
