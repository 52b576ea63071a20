#!/usr/bin/env bash
# ty 0.0.108: a module that is open in the editor and not on the disk yet
#
# Guess: a document that the client has opened is a file of the project, as for other language servers: another
#        open document can import it.
# Saw:   only its own text is taken from the client. Modules are looked for on the disk, so the import is unresolved,
#        and stays so when a file of that name is then made and the server is told of it.
# So:    Collab writes the files of a room into a folder in memory, and opens only the one that is asked about.
source "$(dirname "${BASH_SOURCE[0]}")/form.sh"
python_with ty==0.0.108
cp "$findings/lsp.py" .
cat >run.py <<'PY'
from pathlib import Path

from lsp import LanguageServer

server = LanguageServer("ty", "server")
room = Path("room").resolve()
room.mkdir()


def wrong():
    document = {"uri": f"{room.as_uri()}/main.py"}
    found = server.ask("textDocument/diagnostic", {"textDocument": document})["items"]
    return [each["code"] for each in found]


folders = [{"uri": room.as_uri(), "name": "room"}]
server.ask("initialize", {"processId": None, "capabilities": {"textDocument": {"diagnostic": {}}}, "workspaceFolders": folders})
server.send(method="initialized", params={})
server.open(f"{room.as_uri()}/shapes.py", "python", "area = 1\n")
server.open(f"{room.as_uri()}/main.py", "python", "from shapes import area\n")
before = wrong()
(room / "shapes.py").touch()
change = {"uri": f"{room.as_uri()}/shapes.py", "type": 1}
server.send(method="workspace/didChangeWatchedFiles", params={"changes": [change]})
print(before, wrong())
server.process.kill()
PY
expect "problems without the file, and with an empty one" "$(python run.py)" "['import-not-found'] ['import-not-found']"
