"""Writes what both sides must agree on about changes: `python -m tests.vectors.changes`.

The server's table of kinds is the reference. `test_changes.py` and the page's `changes.test.ts` run
the file.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from collab.changes.name import SetName
from collab.changes.program import Program, SetProgram
from collab.changes.run import Options, Run
from collab.changes.tree import AddAsset, AddFolder, Move, PutAsset, Remove, Restore
from collab.changes.version import NameVersion, Revert, TakeBack
from collab.protocol import AddFile, Change, Edit, Many, SetLanguage, encoder
from collab.room import carets
from collab.room.fold import fold
from collab.room.kinds import KINDS
from collab.room.languages import ENDINGS, LANGUAGES, language_of
from collab.room.names import key_of, spare_name, wrong_name
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
        "wrong_names": [[name, wrong_name(name, 255) is not None] for name in _NAMES],
        "keys": [[one, other, key_of(one) == key_of(other)] for one, other in _PAIRS],
        "spares": [[name, taken, _spare(name, taken)] for name, taken in _SPARES],
        "language_of": [[name, language_of(name)] for name in _FILES.split()],
        "endings": [[ending, language] for ending, language in ENDINGS.items()],
        "changes": [_change(change) for change in _CHANGES],
        "folds": [_fold(changes) for changes in _FOLDS],
    }


def _wire(change: Change) -> Any:
    return json.loads(encoder.encode(change))


def _change(change: Change) -> dict[str, Any]:
    caret = carets.after(entry(7, change))
    return {
        "change": _wire(change),
        "file": getattr(change, "file", getattr(change, "id", None)),
        "caret": caret.selections[0][1] if caret else None,
    }


def _fold(changes: list[Change]) -> dict[str, Any]:
    state = State()
    for revision, change in enumerate(changes, 1):
        fold(state, entry(revision, change))
    told = (state.wire(), state.wire_folders(), state.wire_assets())
    files, folders, assets = json.loads(encoder.encode(told))
    paths = {node: state.path(node) for node in state.tree if state.tree.is_living(node)}
    return {
        "changes": [_wire(change) for change in changes],
        "files": files,
        "folders": folders,
        "assets": assets,
        "paths": paths,
        "facts": json.loads(encoder.encode(state.facts)),
    }


def _spare(name: str, taken: list[str]) -> str:
    keys = {key_of(other) for other in taken}
    return spare_name(name, lambda other: key_of(other) in keys, 255)


def _edit(*components: int | str, file: str = "main") -> Edit:
    return Edit(file, Operation(components))


_ONE_WORD = """
    a.py utils_2.py .env Ärger.txt 名前 con Con.txt aux.tar.gz com1 com1.x COM¹ lpt9 com0 com10
    console .git .GIT git~1 .gitignore conin$ . .. a. a/b a\\b a:b a*b a?b a|b <a>
"""
_NAMES = [
    *_ONE_WORD.split(),
    *("a b", " a", "a ", "nul .txt", 'a"b', "a\tb", "a\nb", "a\x7fb", "a\u0085b", "a\u2028b", ""),
    *("a\u202eb", ".g\u200cit", "👩\u200d🚀.md", "x" * 255, "x" * 256, "é" * 127, "é" * 128),
]
_PAIRS = [
    ("a.py", "A.py"),
    ("é", "e\u0301"),
    ("É", "e\u0301"),
    ("straße", "STRASSE"),
    ("ΟΔΟΣ", "οδος"),
    ("οδος", "οδοσ"),
    ("a", "b"),
    ("a_2", "a-2"),
]
_SPARES: list[tuple[str, list[str]]] = [
    ("utils.py", []),
    ("utils.py", ["other.py"]),
    ("utils.py", ["UTILS.PY"]),
    ("utils.py", ["utils.py", "utils_2.py", "utils_4.py"]),
    (".env", [".env"]),
    ("lib", ["lib"]),
    ("a.tar.gz", ["a.tar.gz"]),
    ("é" * 126 + ".py", ["é" * 126 + ".py"]),
]
_FILES = """
    a.py A.PY a.pyi x.js x.mjs x.tsx x.json x.html x.md x.yml x.rs x.toml x.unknown Makefile
    Dockerfile py noending .env archive.tar.gz x.jsx a.b.PYI .zshrc README.MD Dockerfile.dev
    dev.Dockerfile Dockerfile.md makefile GNUmakefile Makefile.in x.mk tsconfig.json x.jsonc x.ipynb
    x.svelte x.vue main.tf x.graphql x.bat x.m setup.cfg .env.local .gitignore BUILD build x.text
    x.txt nginx.conf nginx.prod.conf other.conf CMakeLists.txt Jenkinsfile .py x. . x.c++ x.C
    Gemfile.lock x.1 Cargo.lock package-lock.json .editorconfig logo.svg
"""
_MAIN = AddFile("main", "main.py", "python", "a😀b")
_BLOB = "0123456789abcdef" * 4
_LIB: list[Change] = [AddFolder("lib", "", "lib"), AddFile("a", "a.py", None, "x", "lib")]
_CHANGES: list[Change] = [
    _MAIN,
    AddFile("other", "other.ts", "typescript", ""),
    SetLanguage("main", "javascript"),
    SetLanguage("main", None),
    AddFile("deep", "a.py", None, "x", "lib"),
    AddFolder("lib", "", "lib"),
    AddAsset("logo", "lib", "logo.png", _BLOB, 1234),
    PutAsset("logo", _BLOB, 5),
    Run("main"),
    Run("main", Options(["-v"], "Bo\n")),
    Run("main", Options([], at=7)),
    Run("main", Options(tests=["test_a.py"])),
    SetProgram(Program("main", ["-v"], {"DEBUG": "1"}, "data")),
    SetProgram(Program()),
    Move("main", "lib", "start.py"),
    Remove("main"),
    Restore("main", "", "main.py"),
    Many([AddFolder("f", "", "f"), Remove("main")], "import"),
    Many([Remove("main")], Revert(7)),
    Many([Remove("main")], Revert(7, "main")),
    Many([Remove("main")], TakeBack("Bo_", 0)),
    NameVersion("Before the demo 🎁"),
    NameVersion("Before the demo", 7),
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
    [_MAIN, SetLanguage("main", "rust"), SetLanguage("main", None)],
    [_MAIN, SetProgram(Program(args=["-v"])), SetProgram(Program("main", env={"DEBUG": "1"}))],
    [AddFile("m", "m.py", "typescript", ""), AddFile("t", "t.rs", "rust", "")],
    [_MAIN, *_LIB, Move("a", "", "b.py"), Move("lib", "", "library")],
    [_MAIN, *_LIB, Remove("lib"), _edit(1, "!", file="a"), Move("a", "lib", "in.py")],
    [_MAIN, *_LIB, Remove("lib"), Move("a", "", "out.py")],
    [_MAIN, *_LIB, Remove("lib"), Remove("lib"), Restore("lib", "", "lib_2")],
    [_MAIN, *_LIB, Remove("a"), Move("lib", "", "x"), Restore("a", "lib", "c.py")],
    [
        _MAIN,
        *_LIB,
        AddAsset("logo", "lib", "logo.png", _BLOB, 1234),
        PutAsset("logo", _BLOB[::-1], 9),
        Move("logo", "", "icon.png"),
    ],
    [
        _MAIN,
        Many(
            [
                AddFolder("src", "", "src"),
                Move("main", "src", "main.py"),
                _edit(1, "x", 2),
                AddFile("n", "n.md", None, "# n", "src"),
            ],
            "import",
        ),
        Many([Remove("n"), _edit(2, "y", 2)], "undo"),
    ],
]


if __name__ == "__main__":
    VECTORS.write_text(render(), encoding="utf-8")
