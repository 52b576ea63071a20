#!/usr/bin/env bash
# fflate 0.8.3: its streaming Unzip on a zip that client-zip 2.5.1 has written
#
# Guess: it gives the entries that unzipSync gives of the same bytes. Both packages are made for streams.
# Saw:   client-zip stores entries as they are and writes their sizes behind them, so a reader of the stream has to
#        guess where one ends: fflate takes whatever looks like the next record. A zip within the zip comes out too
#        long, its inner file appears as an entry of the outer one, and a file with four such bytes in it ends before
#        them. Each is reported as complete, without an error.
# So:    the zip that Collab exports says sizes and checksums before the bytes.
source "$(dirname "${BASH_SOURCE[0]}")/form.sh"
node_with fflate@0.8.3 client-zip@2.5.1
cat >run.mjs <<'JS'
import { makeZip } from "client-zip";
import { Unzip, UnzipInflate, unzipSync } from "fflate";
const zip = async (...files) => new Uint8Array(await new Response(makeZip(files)).arrayBuffer());
const streamed = (bytes) => {
  const entries = [];
  const reader = new Unzip((file) => {
    const entry = { name: file.name, length: 0, state: "open" };
    entries.push(entry);
    file.ondata = (error, data, final) => {
      if (error) entry.state = error.message;
      else {
        entry.length += data.length;
        if (final) entry.state = "complete";
      }
    };
    file.start();
  });
  reader.register(UnzipInflate);
  reader.push(bytes, true);
  return entries.map(({ name, length, state }) => `${name} ${length} ${state}`).join(", ");
};
const whole = (bytes) => Object.entries(unzipSync(bytes)).map(([name, { length }]) => `${name} ${length}`).join(", ");
const inner = await zip({ name: "inner.txt", input: "hello" });
const nested = await zip({ name: "a.zip", input: inner }, { name: "b.txt", input: "after" });
const four = await zip({ name: "c.bin", input: new Uint8Array([1, 2, 0x50, 0x4b, 7, 8, ...Array(24).fill(9)]) });
for (const bytes of [nested, four]) console.log(`${whole(bytes)}\n${streamed(bytes)}`);
JS
seen=$(node run.mjs)
expect "a zip in a zip, whole" "$(sed -n 1p <<<"$seen")" "a.zip 137, b.txt 5"
expect "streamed" "$(sed -n 2p <<<"$seen")" "a.zip 321 complete, inner.txt 5 complete, b.txt 5 complete"
expect "four such bytes, whole" "$(sed -n 3p <<<"$seen")" "c.bin 30"
expect "streamed" "$(sed -n 4p <<<"$seen")" "c.bin 2 complete"
