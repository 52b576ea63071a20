/**
 * How long Yjs takes for the text of a snapshot: node history.mjs < INPUT
 *
 * INPUT is JSON: a text, patches [position, deleted, inserted] that follow it one by one, and after how many of
 * them the text is wanted. Prints JSON: the ms for each, and how long the texts are.
 */
import { readFileSync } from "node:fs";
import * as Y from "yjs";

const { text, patches, wanted } = JSON.parse(readFileSync(0, "utf8"));
const doc = new Y.Doc({ gc: false });
const shared = doc.getText("text");
shared.insert(0, text);
const places = new Set(wanted);
const snapshots = new Map();
patches.forEach(([position, deleted, inserted], index) => {
  if (places.has(index)) snapshots.set(index, Y.snapshot(doc));
  if (deleted) shared.delete(position, deleted);
  if (inserted) shared.insert(position, inserted);
});
const times = [];
const lengths = [];
for (const place of wanted) {
  const begun = performance.now();
  const then = Y.createDocFromSnapshot(doc, snapshots.get(place)).getText("text").toString();
  times.push(performance.now() - begun);
  lengths.push(then.length);
}
process.stdout.write(JSON.stringify({ times, lengths }));
