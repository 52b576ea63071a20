/** Measures how long the page takes for edits that are made without a link: `npx vitest bench waiting`. */
import { bench } from "vitest";
import { Operation } from "../ot";
import { CommittedLog, FILE } from "../testing/committedLog";
import { RoomClient } from ".";

const EDITS = 8000;
const LENGTH = 160_000;

bench(`${EDITS} scattered edits, and all of them as one at the end`, () => {
  const room = new RoomClient();
  room.joined(new CommittedLog("x".repeat(LENGTH), 10_000_000).joined("ann", undefined));
  for (let n = 0; n < EDITS; n++) {
    const length = LENGTH + n;
    const at = (n * 7919) % length;
    room.submit({ kind: "edit", file: FILE, operation: new Operation([at, "y", length - at]) });
  }
  room.work();
});
