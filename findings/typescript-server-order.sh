#!/usr/bin/env bash
# typescript 7.0.2: the order of the completions of `tsc --lsp`
#
# Guess: the same question about the same text gets the same list, in the order of the declarations or of the alphabet.
# Saw:   the exports of a module come in another order each time, all with one sortText, so that a client that keeps to
#        the server's order shows another list for each question.
# So:    Collab sorts the names of one sortText itself.
source "$(dirname "${BASH_SOURCE[0]}")/form.sh"
node_with typescript@7.0.2
cp "$findings/lsp.py" .
cat >run.py <<'PY'
from pathlib import Path

from lsp import LanguageServer

room = Path.cwd().as_uri()
server = LanguageServer("node", "node_modules/typescript/bin/tsc", "--lsp", "--stdio")
server.ask("initialize", {"processId": None, "rootUri": room, "capabilities": {}})
server.send(method="initialized", params={})
server.open(f"{room}/all.ts", "typescript", "".join(f"export const name{n} = {n};\n" for n in range(20)))
server.open(f"{room}/main.ts", "typescript", "import * as all from './all';\nall.")
place = {"textDocument": {"uri": f"{room}/main.ts"}, "position": {"line": 1, "character": 4}}
lists = [server.ask("textDocument/completion", place)["items"] for _ in range(6)]
names = {tuple(item["label"] for item in items) for items in lists}
print(
    len({frozenset(each) for each in names}),
    len(names) > 1,
    len({item["sortText"] for item in lists[0]}),
)
server.process.kill()
PY
expect "sets of names, several orders, sortTexts" "$(python3 run.py)" "1 True 1"
