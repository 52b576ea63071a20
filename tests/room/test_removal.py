"""A kind of change can be removed: its own files, and its lines in two registries."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
SMOKE = """
import json, sys
sys.path.insert(0, sys.argv[1])
from datetime import UTC, datetime
from collab import app
from collab.protocol import AddFile, Edit, Joined, Submit, client_decoder, encode
from collab.room.room import Room
from collab.room.session import OtSession
from collab.room.snapshot import take_snapshot
from collab.room.state import Entry, Limits, State
from ot import Operation

assert app.__file__.startswith(sys.argv[1])
now = datetime(2026, 1, 1, tzinfo=UTC)
room = Room(State(), Limits())
room.read([Entry(1, "", 1, "", now, AddFile("main", "main.py", "python", "b"))])
ana = OtSession("ana", "p", "Ana", 0)
room.join(ana, None)
room.receive(ana, Submit(1, 1, Edit("main", Operation(["a", 1]))))
room.read(room.seal(now))
assert str(room.state.main.text) == "ab"
assert "name" not in json.loads(encode(ana.outbox[0]))
assert "name" not in json.loads(take_snapshot(room.state).state)
try:
    client_decoder.decode('{"type":"submit","seq":2,"revision":2,"change":["name","Orbit"]}')
except ValueError:
    print("removed")
"""


def remove(path: Path, *removed: str) -> None:
    text = path.read_text("utf-8")
    for part in removed:
        assert text.count(part) == 1, part
        text = text.replace(part, "")
    path.write_text(text, "utf-8")


def test_the_name_of_a_room_can_be_removed(tmp_path: Path) -> None:
    for part in ("collab", "ot"):
        ignored = shutil.ignore_patterns("static", "__pycache__")
        shutil.copytree(ROOT / part, tmp_path / part, ignore=ignored)
    (tmp_path / "collab" / "changes" / "name.py").unlink()
    (tmp_path / "collab" / "room" / "kinds" / "name.py").unlink()
    kinds = tmp_path / "collab" / "room" / "kinds" / "__init__.py"
    remove(kinds, "from collab.room.kinds.name import Names\n", "        Names(),\n")
    protocol = tmp_path / "collab" / "protocol" / "changes.py"
    remove(protocol, "from collab.changes.name import SetName\n", " | SetName")
    run = subprocess.run(
        [sys.executable, "-c", SMOKE, str(tmp_path)],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (run.stdout, run.stderr) == ("removed\n", "")
