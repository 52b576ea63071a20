#!/usr/bin/env bash
# client-zip 2.5.1: an entry that was last changed before 1980
#
# Guess: the time is moved to the first that a zip can tell, 1 January 1980, or the entry is refused. That the
#        package leaves this out is not among its notes about dates.
# Saw:   the year is counted modulo 128 from 1980: a file of 1975 is one of 2103. fflate 0.8.3 refuses the same date.
# So:    Collab moves such a time to 1980.
source "$(dirname "${BASH_SOURCE[0]}")/form.sh"
node_with client-zip@2.5.1 fflate@0.8.3
cat >run.mjs <<'JS'
import { writeFileSync } from "node:fs";
import { makeZip } from "client-zip";
import { zipSync } from "fflate";
const date = new Date(1975, 5, 15, 12);
const zip = await new Response(makeZip([{ name: "a", input: "x", lastModified: date }])).arrayBuffer();
writeFileSync("a.zip", new Uint8Array(zip));
try {
  zipSync({ a: [new Uint8Array(1), { mtime: date }] });
} catch (error) {
  console.log(error.message);
}
JS
expect "fflate" "$(node run.mjs)" "date not in range 1980-2099"
year() { python3 -c 'import zipfile; print(zipfile.ZipFile("a.zip").infolist()[0].date_time[0])'; }
expect "the year in client-zip's zip" "$(year)" "2103"
