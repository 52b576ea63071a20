#!/usr/bin/env bash
# @parcel/watcher 2.6.0: a file that changes places with another (renameat2 with RENAME_EXCHANGE, on Linux)
#
# Guess: it tells of an update, as for a file that is renamed over another: the path has other content.
# Saw:   nothing, or an empty list of events. The kernel says that the name was moved to and then moved from, and what
#        is created and deleted at once is passed over, though the file is there. VS Code, which watches with it, goes
#        on to show the old text.
# So:    `collab mirror`, which writes by an exchange, touches the file a moment later: then there is an update.
source "$(dirname "${BASH_SOURCE[0]}")/form.sh"
node_with @parcel/watcher@2.6.0
mkdir watched
cat >write.py <<'PY'
import ctypes, os, sys
one, other = b"watched/new", b"watched/file"
open(one, "w").write(sys.argv[2])
if sys.argv[1] == "exchange":
    assert not ctypes.CDLL(None).renameat2(-100, one, -100, other, 2)
    os.unlink(one)
else:
    os.rename(one, other)
PY
cat >run.mjs <<'JS'
import { subscribe } from "@parcel/watcher";
import { execFileSync } from "node:child_process";
import { chmodSync, realpathSync, writeFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
const folder = realpathSync("watched");
writeFileSync(`${folder}/file`, "one");
let seen = [];
const subscription = await subscribe(folder, (_, events) => seen.push(...events));
const after = async (what, act) => {
  await sleep(500);
  seen = [];
  act();
  await sleep(500);
  console.log(`${what}: ${seen.filter(({ path }) => path.endsWith("/file")).map(({ type }) => type)}`);
};
await after("rename", () => execFileSync("python3", ["write.py", "rename", "two"]));
await after("exchange", () => execFileSync("python3", ["write.py", "exchange", "three"]));
await after("touch", () => chmodSync(`${folder}/file`, 0o644));
await subscription.unsubscribe();
JS
seen=$(node run.mjs)
expect "after a rename over the file" "$(sed -n 's/^rename: //p' <<<"$seen")" "create"
expect "after an exchange" "$(sed -n 's/^exchange: //p' <<<"$seen")" ""
expect "after a change of its mode" "$(sed -n 's/^touch: //p' <<<"$seen")" "update"
