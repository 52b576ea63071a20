/** Tests how an exchange handles links that break and texts that differ. */
import { describe, expect, test, vi } from "vitest";
import { Operation } from "../ot";
import { FILE } from "../testing/committedLog";
import {
  answer,
  author,
  close,
  commit,
  device,
  enter,
  error,
  exchange,
  handedBack,
  hear,
  lastSubmit,
  line,
  link,
  lose,
  owner,
  screen,
  sent,
  submits,
  type,
} from "../testing/exchanging";
import { UnknownChange } from "./protocol";

describe("links that break", () => {
  const BROKE = "the connection broke each time that it was sent.";

  test("a change that breaks three links is handed back, and the next one goes", async () => {
    await enter();
    await type(3, "d");
    await type(4, "e");
    close(1006);
    await link();
    close(1006);
    await link();
    expect(submits()).toHaveLength(2);
    // The third link lives as long as nothing is sent over it.
    await vi.advanceTimersByTimeAsync(2999);
    expect(submits()).toHaveLength(2);
    await vi.advanceTimersByTimeAsync(1);
    expect(submits()).toHaveLength(3);
    expect(screen.refused).not.toHaveBeenCalled();
    close(1006);
    expect(handedBack()).toEqual([["d", BROKE]]);
    await link();
    await answer();
    expect(lastSubmit()).toMatchObject({ seq: 2, change: ["edit", FILE, [3, "e"]] });
    expect(exchange.unsaved.value).toBe(1);
  });

  /** Let three links end in this way, one after the other. */
  async function thrice(end: () => void | Promise<void>): Promise<void> {
    for (let links = 0; links < 3; links++) {
      await vi.advanceTimersByTimeAsync(4000);
      await end();
      await link();
    }
  }

  test.each([1002, 1005, 1006, 1007, 1008, 1011])("code %i is a break", async (code) => {
    await enter();
    await type(3, "d");
    await thrice(() => close(code));
    expect(handedBack()).toEqual([["d", BROKE]]);
  });

  test.each([1000, 1001, 1012, 4408, 4413, 4429])("code %i has another reason", async (code) => {
    await enter();
    await type(3, "d");
    await thrice(() => close(code));
    expect(screen.refused).not.toHaveBeenCalled();
  });

  test("links that die without a word are not the change's fault", async () => {
    await enter();
    await type(3, "d");
    await thrice(lose);
    expect(screen.refused).not.toHaveBeenCalled();
  });

  test("a link that breaks long after the change was sent broke for another reason", async () => {
    await enter();
    await type(3, "d");
    await thrice(async () => {
      await vi.advanceTimersByTimeAsync(6001);
      close(1006);
    });
    expect(screen.refused).not.toHaveBeenCalled();
  });

  test("a link that breaks ten seconds after the change was sent broke because of it", async () => {
    await enter();
    await type(3, "d");
    await thrice(async () => {
      await vi.advanceTimersByTimeAsync(6000);
      close(1006);
    });
    expect(handedBack()).toEqual([["d", BROKE]]);
  });

  test("a link that breaks before the change is sent over it does not count", async () => {
    await enter();
    await type(3, "d");
    close(1006);
    await link();
    close(1006);
    for (let links = 0; links < 5; links++) {
      await link();
      await vi.advanceTimersByTimeAsync(1000);
      close(1006);
    }
    // A link over which nobody has joined does not count either.
    close(1006);
    expect(screen.refused).not.toHaveBeenCalled();
    await link();
    await vi.advanceTimersByTimeAsync(3000);
    expect(submits()).toHaveLength(3);
  });

  test("each change has three links of its own", async () => {
    await enter();
    await type(3, "d");
    close(1006);
    await link();
    close(1006);
    await link();
    await vi.advanceTimersByTimeAsync(3000);
    await commit();
    await type(4, "e");
    await answer();
    close(1006);
    expect(screen.refused).not.toHaveBeenCalled();
    await link();
    expect(submits()).toHaveLength(5);
    close(1006);
    expect(screen.refused).not.toHaveBeenCalled();
  });

  test("a page that is closed sends nothing more", async () => {
    await enter();
    await type(3, "d");
    close(1006);
    await link();
    close(1006);
    await link();
    exchange.close();
    await vi.advanceTimersByTimeAsync(5000);
    expect(submits()).toHaveLength(2);
    expect(line.close).toHaveBeenCalledOnce();
  });
});

describe("texts that are another than the server's", () => {
  test("one is read again, and what differed is shown; meanwhile nothing is sent for it", async () => {
    await enter();
    await hear({ type: "checksum", revision: 0, files: { [FILE]: 1 } });
    expect(sent).toEqual([{ type: "read", file: FILE }]);
    await type(3, "d");
    expect(submits()).toEqual([]);
    await hear({ type: "text", file: FILE, revision: 0, text: "abcX" });
    expect(screen.mended).toHaveBeenCalledWith(FILE, new Operation([4, "X"]));
    await answer();
    expect(lastSubmit()).toMatchObject({ seq: 1, change: ["edit", FILE, [3, "d", 1]] });
  });

  test("what was in flight is sent again after its text was mended, under its number", async () => {
    await enter();
    await type(3, "d");
    await answer();
    await hear({ type: "checksum", revision: 0, files: { [FILE]: 1 } });
    await hear({ type: "text", file: FILE, revision: 0, text: "Xabc" });
    await answer();
    expect(submits()).toHaveLength(2);
    expect(lastSubmit()).toMatchObject({ seq: 1, change: ["edit", FILE, [4, "d"]] });
  });

  test("it is not sent before it is written down as it is now", async () => {
    await enter();
    await type(3, "d");
    await type(4, "e");
    await vi.advanceTimersByTimeAsync(100);
    await answer();
    await hear({ type: "checksum", revision: 0, files: { [FILE]: 1 } });
    await hear({ type: "text", file: FILE, revision: 0, text: "Xabc" });
    expect(submits()).toHaveLength(1);
    await answer();
    expect(submits()).toHaveLength(2);
  });

  test("a text that is as it was says nothing", async () => {
    await enter();
    await hear({ type: "checksum", revision: 0, files: { [FILE]: 1 } });
    await hear({ type: "text", file: FILE, revision: 0, text: "abc" });
    expect(screen.mended).not.toHaveBeenCalled();
    expect(submits()).toEqual([]);
    // There is nothing to write either.
    expect(device.requests).toEqual([]);
  });

  test("a change that does not fit has its text read, and is given up when it does not fit again", async () => {
    await enter();
    await type(3, "d");
    await error("invalid_operation", 1);
    expect(sent.at(-1)).toEqual({ type: "read", file: FILE });
    expect(screen.gaveUp).not.toHaveBeenCalled();
    await hear({ type: "text", file: FILE, revision: 0, text: "abc" });
    await answer();
    expect(submits()).toHaveLength(2);
    await error("invalid_operation", 1);
    expect(screen.gaveUp).toHaveBeenCalledOnce();
    expect(line.restart).toHaveBeenCalledOnce();
  });
});

describe("beginning again", () => {
  test.each([
    ["unknown_revision", undefined],
    ["unknown_revision", 1],
    ["in_flight", 2],
    ["malformed", 1],
  ])(
    "after %s of change %s the work is handed to the person and all comes anew",
    async (code, seq) => {
      await enter();
      await type(3, "d");
      await error(code, seq);
      expect(screen.gaveUp).toHaveBeenCalledOnce();
      expect(screen.gaveUp.mock.calls[0]?.[0]).toMatchObject({
        inFlight: { change: ["edit", FILE, [3, "d"]] },
      });
      expect(line.restart).toHaveBeenCalledOnce();
      expect(owner.join()).not.toHaveProperty("revision");
      // The text is not safe until its person has it.
      expect(exchange.unsaved.value).toBe(1);
      await link();
      expect(screen.joined).toHaveBeenLastCalledWith(expect.anything(), null, 1);
      expect(exchange.unsaved.value).toBe(0);
    },
  );

  test("where there is no work nothing is said", async () => {
    await enter();
    await error("unknown_revision");
    expect(screen.gaveUp).not.toHaveBeenCalled();
    expect(line.restart).toHaveBeenCalledOnce();
  });

  test("an error about something else changes nothing while the link lives", async () => {
    await enter();
    await type(3, "d");
    await error("unknown_file");
    await error("invalid_operation", 7);
    await hear({ type: "refused", seq: 7, code: "text_too_large", message: "" });
    expect(screen.people).not.toHaveBeenCalled();
    expect(screen.gaveUp).not.toHaveBeenCalled();
    expect(line.restart).not.toHaveBeenCalled();
    expect(submits()).toHaveLength(1);
  });

  test("an error before anybody has joined is one of the join: it is tried anew", async () => {
    exchange.start(author("ann"));
    await error("malformed");
    expect(line.restart).toHaveBeenCalledOnce();
  });

  test("what makes no sense on what we hold makes us begin again", async () => {
    await enter();
    await type(3, "d");
    owner.confused(new Error("a gap"));
    expect(screen.gaveUp).toHaveBeenCalledOnce();
    expect(line.restart).toHaveBeenCalledOnce();
    expect(exchange.phase.value).toBe("open");
  });

  test("a change of a kind that we do not know asks for a newer page", async () => {
    await enter();
    owner.confused(new UnknownChange("move"));
    expect(exchange.phase.value).toBe("outdated");
    expect(line.close).toHaveBeenCalledOnce();
    expect(line.restart).not.toHaveBeenCalled();
  });
});
