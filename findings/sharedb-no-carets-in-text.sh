#!/usr/bin/env bash
# sharedb 7.0.0 with ot-text-unicode 4.0.0 and rich-text 4.1.0: presence in a document of plain text
#
# Guess: the carets of a document's readers can be shared in any document that a text type edits.
# Saw:   presence of a document needs a function of its type that carries a caret over an operation. The type for plain
#        text has it under another name (transformSelection, for a position), so each submitted caret is refused; only
#        the type for formatted text, of those two, takes one.
# So:    a Collab caret is a position that every operation carries, in the engine itself.
source "$(dirname "${BASH_SOURCE[0]}")/form.sh"
node_with sharedb@7.0.0 ot-text-unicode@4.0.0 rich-text@4.1.0
seen=$(node --input-type=module - 2>/dev/null <<'JS'
import { type as plain } from "ot-text-unicode";
import rich from "rich-text";
import ShareDB from "sharedb";
const done = (act) => new Promise((resolve) => act((error) => resolve(error?.code ?? "taken")));
for (const [type, start, caret] of [
  [plain, "hello", 3],
  [rich.type, [{ insert: "hello" }], { index: 3, length: 0 }],
]) {
  ShareDB.types.register(type);
  const connection = new ShareDB({ presence: true }).connect();
  const doc = connection.get("texts", "one");
  await done((then) => doc.create(start, type.uri, then));
  await done((then) => doc.subscribe(then));
  const mine = connection.getDocPresence("texts", "one").create("me");
  console.log(type.name, await done((then) => mine.submit(caret, then)), Object.keys(type).filter((n) => /presence|selection/i.test(n)).join());
}
process.exit();
JS
)
expect "plain text, its function" "$(sed -n 1p <<<"$seen")" \
    "text-unicode ERR_TYPE_DOES_NOT_SUPPORT_PRESENCE transformSelection"
expect "formatted text, its function" "$(sed -n 2p <<<"$seen")" "rich-text taken transformPresence"
