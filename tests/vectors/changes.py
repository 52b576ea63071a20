"""Writes what both sides must agree on about changes: `python -m tests.vectors.changes`.

The server's table of kinds is the reference. `test_changes.py` and the page's `changes.test.ts` run
the file.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from collab.changes.name import SetName
from collab.protocol import AddFile, Change, Edit, SetLanguage, encoder
from collab.room import carets
from collab.room.fold import fold
from collab.room.kinds import KINDS
from collab.room.languages import LANGUAGES
from collab.room.state import State
from ot import Operation
from tests.room.acting import entry
from tests.vectors.render import render_groups

VECTORS = Path(__file__).with_name("changes.json")


def render() -> str:
    return render_groups(_groups())


def _groups() -> dict[str, list[Any]]:
    return {
        "kinds": sorted(type_.__struct_config__.tag for type_ in KINDS),
        "languages": sorted(LANGUAGES),
        "changes": [_change(change) for change in _CHANGES],
        "folds": [_fold(changes) for changes in _FOLDS],
    }


def _wire(change: Change) -> Any:
    return json.loads(encoder.encode(change))


def _change(change: Change) -> dict[str, Any]:
    caret = carets.after(entry(7, change))
    return {
        "change": _wire(change),
        "file": getattr(change, "file", None),
        "caret": caret.selections[0][1] if caret else None,
    }


def _fold(changes: list[Change]) -> dict[str, Any]:
    state = State()
    for revision, change in enumerate(changes, 1):
        fold(state, entry(revision, change))
    files = json.loads(encoder.encode(state.wire()))
    return {"changes": [_wire(change) for change in changes], "files": files, "facts": state.facts}


def _edit(*components: int | str, file: str = "main") -> Edit:
    return Edit(file, Operation(components))


_MAIN = AddFile("main", "main.py", "python", "a😀b")
_CHANGES: list[Change] = [
    _MAIN,
    AddFile("other", "other.ts", "typescript", ""),
    SetLanguage("main", "javascript"),
    SetName("Überraschung 🎁"),
    _edit(),
    _edit(3),
    _edit("x", 3),
    _edit(1, "😀é", 2),
    _edit(2, -1),
    _edit(1, -1, "x", 1),
    _edit("x", 1, -2),
    _edit(-1, 1, "xyz", 1),
    _edit("ab", 1, "😀", 1, -1, file="other"),
]
_FOLDS: list[list[Change]] = [
    [_MAIN],
    [_MAIN, _edit(1, "x", 2), _edit(2, -1, 1), SetLanguage("main", "typescript")],
    [_MAIN, SetName("One"), AddFile("z", "z.js", "javascript", "z"), _edit(1, "!", file="z")],
    [_MAIN, SetName("One"), SetName("Two"), SetLanguage("main", "javascript")],
]


if __name__ == "__main__":
    VECTORS.write_text(render(), encoding="utf-8")
