import { beforeEach, describe, expect, test, vi } from "vitest";
import { type Component, Operation } from "../ot";
import type { Work } from "../room";
import { entry, FILE } from "../testing/committedLog";
import {
  answer,
  author,
  begin,
  bob,
  close,
  commit,
  device,
  enter,
  exchange,
  handedBack,
  hear,
  lastSubmit,
  line,
  link,
  log,
  lose,
  owner,
  PROFILE,
  type Submit,
  screen,
  sent,
  settle,
  submits,
  type,
  WORK,
} from "../testing/exchanging";
import type { WorkRecord } from "../work/records";
import { CLOSED } from "./connection";
import type { Joined } from "./protocol";

describe("joining", () => {
  test("before it starts there is nothing unsaved, and a link to be made", () => {
    expect(exchange.link.value).toEqual({ state: "connecting", restarting: false });
    expect(exchange.unsaved.value).toBe(0);
    expect(exchange.kept.value).toBeNull();
  });

  test("the first join asks for the files, and names who it is and when", async () => {
    exchange.start(author("ann"));
    expect(owner.join()).toEqual({ ...PROFILE, ...joinOf("ann") });
    expect(exchange.phase.value).toBe("opening");
    await link();
    expect(exchange.phase.value).toBe("open");
    expect(exchange.live).toBe(true);
    expect(exchange.updatedAt.value).toBe(0);
    expect(screen.joined).toHaveBeenCalledWith(expect.anything(), null, 0);
  });

  test("the files are shown once they are known", async () => {
    exchange.start(author("ann"));
    expect(exchange.tree.value.get(FILE)).toBeUndefined();
    await link();
    expect(exchange.tree.value.get(FILE)).toBeDefined();
  });

  test("the next joins ask for what was missed", async () => {
    await enter();
    lose();
    expect(exchange.live).toBe(false);
    expect(owner.join()).toEqual({ ...PROFILE, ...joinOf("ann"), revision: 0 });
    await link();
    expect(screen.joined.mock.calls[1]?.[1]?.edits).toEqual(new Map());
  });

  test("with the work of a page that is gone it asks for what was missed and for the text", async () => {
    exchange.start(author("ann", WORK));
    expect(exchange.unsaved.value).toBe(4);
    expect(owner.join()).toEqual({ ...PROFILE, ...joinOf("ann"), revision: 0, text: true });
    await link();
    expect(exchange.room.text(FILE)).toBe("abckept");
    expect(screen.joined).toHaveBeenCalledWith(expect.anything(), null, 4);
  });

  test("with the last texts as well, both are there before there is a link", async () => {
    await enter();
    const texts = exchange.room.texts;
    begin(screen);
    exchange.start(author("bo", WORK), texts);
    expect(exchange.room.text(FILE)).toBe("abckept");
    expect(owner.join()).toEqual({ ...PROFILE, ...joinOf("bo"), revision: 0 });
  });

  test("last texts that the work does not fit are dropped, and asked for", async () => {
    await enter();
    const texts = exchange.room.texts;
    begin(screen);
    const work: Work = { ...WORK, waiting: [{ change: ["edit", FILE, [99, "lost"]], count: 4 }] };
    exchange.start(author("bo", work), texts);
    expect(owner.join()).toEqual({ ...PROFILE, ...joinOf("bo"), revision: 0, text: true });
    expect(exchange.room.texts).toBeNull();
  });

  const joinOf = (key: string) => ({ type: "join", protocol: 3, key, at: 1000, holds: ["main"] });
});

describe("a text that is not here", () => {
  beforeEach(async () => {
    exchange.start(author("ann"));
    await settle();
    const files = [
      { id: FILE, name: "main.py", text: "abc" },
      { id: "other", name: "other.py" },
    ];
    await link({ files } as Partial<Joined>);
  });

  test("is asked for over the link, and again over the next one, until it comes", async () => {
    exchange.want("other");
    exchange.want("other");
    expect(sent).toEqual([{ type: "read", file: "other" }]);
    lose();
    await link();
    expect(sent).toEqual([
      { type: "read", file: "other" },
      { type: "read", file: "other" },
    ]);
    await hear({ type: "text", file: "other", revision: 0, text: "xyz" });
    expect(screen.came.mock.calls).toEqual([["other"]]);
    expect(exchange.room.text("other")).toBe("xyz");
  });

  test("is asked for once there is a link", async () => {
    lose();
    exchange.want("other");
    expect(sent).toEqual([]);
    await link();
    expect(sent).toEqual([{ type: "read", file: "other" }]);
  });
});

describe("own changes", () => {
  test("one is sent, the next when it is acknowledged; until then it is not saved", async () => {
    await enter();
    await type(3, "d");
    vi.setSystemTime(1500);
    await type(4, "e");
    expect(submits()).toEqual([
      { type: "submit", seq: 1, revision: 0, change: ["edit", FILE, [3, "d"]] },
    ]);
    expect(exchange.unsaved.value).toBe(2);
    expect(exchange.savingSince.value).toBe(1000);
    vi.setSystemTime(2000);
    await answer();
    await commit();
    await answer();
    expect(lastSubmit()).toMatchObject({ seq: 2, revision: 1, change: ["edit", FILE, [4, "e"]] });
    expect(exchange.savingSince.value).toBe(2000);
    expect(exchange.updatedAt.value).toBe(2000);
    await commit();
    expect(exchange.unsaved.value).toBe(0);
    expect(exchange.savingSince.value).toBeNull();
    expect(screen.received).toHaveBeenCalledTimes(2);
  });

  test("what others do is shown", async () => {
    await enter();
    await bob(3, "!");
    expect(screen.received.mock.calls[0]?.[0].edits.get(FILE)).toEqual(new Operation([3, "!"]));
    expect(exchange.unsaved.value).toBe(0);
  });

  test("what is typed without a link is sent with the next", async () => {
    await enter();
    lose();
    await type(3, "d");
    expect(submits()).toEqual([]);
    expect(exchange.unsaved.value).toBe(1);
    await link();
    expect(submits()).toHaveLength(1);
  });

  test("a language and a name are sent, and the name is shown at once", async () => {
    await enter();
    exchange.submit({ kind: "language", file: FILE, language: "typescript" });
    await settle();
    expect(lastSubmit().change).toEqual(["language", FILE, "typescript"]);
    exchange.submit({ kind: "name", name: "Orbits" });
    expect(exchange.facts.value.name).toBe("Orbits");
    await answer();
    await commit();
    await answer();
    expect(lastSubmit().change).toEqual(["name", "Orbits"]);
  });

  test("a change is sent again over the next link, once, under its number, carried to the head", async () => {
    await enter();
    await type(3, "d");
    lose();
    const change = ["edit", FILE, ["x", 3]] as ["edit", string, Component[]];
    log.submit("bob", { type: "submit", seq: 1, revision: 0, change });
    await link();
    expect(submits()).toHaveLength(2);
    expect(lastSubmit()).toEqual({
      type: "submit",
      seq: 1,
      revision: 1,
      change: ["edit", FILE, [4, "d"]],
    });
    await bob("y", 4);
    expect(submits()).toHaveLength(2);
  });

  test("an acknowledgement that was lost comes with the next link, and nothing is sent again", async () => {
    await enter();
    await type(3, "d");
    lose();
    log.submit("ann", lastSubmit());
    await link();
    expect(submits()).toHaveLength(1);
    expect(exchange.unsaved.value).toBe(0);
    expect(screen.refused).not.toHaveBeenCalled();
  });

  test("what a device has waiting is sent only once it is written down as sent", async () => {
    await enter(WORK);
    expect(submits()).toEqual([]);
    expect(exchange.unsaved.value).toBe(4);
    // Not even after another message, or over another link.
    await bob("x", 3);
    lose();
    await link();
    expect(submits()).toEqual([]);
    await answer();
    expect(submits()).toHaveLength(1);
    // One number is skipped, since the page before may have used it.
    expect(lastSubmit()).toMatchObject({ seq: 2, revision: 1 });
  });

  test("what others have moved is written down anew when the link is lost", async () => {
    const later = () => vi.advanceTimersByTimeAsync(1000).then(answer);
    const written = () => (device.records.get("ann") as WorkRecord | undefined)?.work;
    await enter();
    await type(3, "mine");
    await answer();
    await bob("x", 3);
    await later();
    expect(written()?.revision).toBe(0);
    lose();
    await later();
    expect(written()).toEqual(exchange.room.work());
    expect(written()?.revision).toBe(1);
  });
});

describe("refusals", () => {
  test("a refused change leaves the text and is handed back, and the next one goes", async () => {
    await enter();
    await type(3, "d");
    await type(4, "e");
    await hear({ type: "refused", seq: 1, code: "text_too_large", message: "It is full." });
    expect(screen.refused).toHaveBeenCalledWith(
      FILE,
      new Operation([3, -1, 1]),
      "d",
      "It is full.",
    );
    await answer();
    expect(lastSubmit()).toMatchObject({ seq: 2, change: ["edit", FILE, [3, "e"]] });
    expect(exchange.unsaved.value).toBe(1);
  });

  test("a refusal of what is not in flight says nothing", async () => {
    await enter();
    await type(3, "d");
    await hear({ type: "refused", seq: 2, code: "text_too_large", message: "It is full." });
    expect(screen.refused).not.toHaveBeenCalled();
    expect(exchange.unsaved.value).toBe(1);
  });

  test("a change with a number at or below the log's that the log has not was refused", async () => {
    const before = { seq: 1, change: ["edit", FILE, [3, "gone"]] as Submit["change"], count: 4 };
    const next = ["edit", FILE, ["x", 3]] as Submit["change"];
    log.submit("ann", { type: "submit", seq: 1, revision: 0, change: next });
    // The page before had heard of the refusal and sent another change, but could write down neither.
    await enter({
      revision: 1,
      seq: 1,
      inFlight: { ...before, change: ["edit", FILE, [4, "gone"]] },
      waiting: [],
    });
    expect(handedBack()).toEqual([["gone", "it was refused."]]);
    expect(exchange.unsaved.value).toBe(0);
    expect(submits()).toEqual([]);
    await type(4, "d");
    await answer();
    expect(lastSubmit().seq).toBeGreaterThan(1);
    await commit();
    expect(log.text).toBe("xabcd");
  });

  test("a message that is too large for the server is not sent again", async () => {
    await enter();
    await type(3, "d");
    close(CLOSED.tooLarge);
    expect(handedBack()).toEqual([["d", "it is too large."]]);
    await link();
    expect(submits()).toHaveLength(1);
    await type(3, "e");
    await answer();
    expect(submits()).toHaveLength(2);
    // Nothing was in flight, so the close code does not concern a change of this page.
    await commit();
    close(CLOSED.tooLarge);
    expect(screen.refused).toHaveBeenCalledOnce();
  });
});

describe("people", () => {
  const somebody = { person: "q", name: "Bo", colour: 1 };

  test("who comes, moves and goes is passed on", async () => {
    await enter();
    const person = { type: "person", client: "bob", number: 7, ...somebody };
    const presence = { type: "presence", client: "bob", file: FILE, revision: 0, selections: [] };
    const left = { type: "left", client: "bob" };
    for (const message of [person, presence, left]) await hear(message);
    expect(screen.people.mock.calls).toEqual([[person], [presence], [left]]);
  });

  test("entries may name people by the number that they came with", async () => {
    await enter();
    await hear({ type: "person", client: "bob", number: 7, ...somebody });
    const { seq, change } = entry("bob", 1, [3, "!"]);
    owner.receive({ type: "entries", revision: 1, entries: [{ who: 7, seq, change }] });
    expect(screen.received.mock.calls[0]?.[0].carets.get("bob")).toEqual({
      file: FILE,
      position: 4,
    });
  });

  test("what the page has to say besides is sent, and a new try is passed on", async () => {
    await enter();
    exchange.send({ type: "profile", name: "Anna", colour: 1 });
    expect(sent).toEqual([{ type: "profile", name: "Anna", colour: 1 }]);
    exchange.retryNow();
    expect(line.retryNow).toHaveBeenCalledOnce();
  });
});
