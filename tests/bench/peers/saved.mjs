/**
 * How many bytes diamond-types saves a history in: node saved.mjs < INPUT
 *
 * INPUT is JSON: a text and patches [position, deleted, inserted] that follow it one by one. Prints the bytes.
 */
import { readFileSync } from "node:fs";
import diamondTypes from "diamond-types-node";

const { text, patches } = JSON.parse(readFileSync(0, "utf8"));
const log = new diamondTypes.OpLog("typist");
if (text) log.ins(0, text);
for (const [position, deleted, inserted] of patches) {
  if (deleted) log.del(position, deleted);
  if (inserted) log.ins(position, inserted);
}
process.stdout.write(String(log.toBytes().length));
