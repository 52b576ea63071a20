"""The language servers that there may be on this machine, and how each is started.

`ty` knows Python, TypeScript's `tsc` JavaScript and TypeScript, and `ruff` what is bad style in
Python. None of them runs a line of the code that it reads.
"""

from __future__ import annotations

import platform
import sys
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

from msgspec import Struct

from collab.languages.confine import can

_PYTHON = "3.14"
"""The version of Python whose grammar and library are known."""
_SUFFIXES = {
    "python": (".py", ".pyi"),
    "javascript": (".js", ".mjs", ".cjs", ".jsx"),
    "typescript": (".ts", ".mts", ".cts", ".tsx"),
}
_PARTS = {"x86_64": "x64", "aarch64": "arm64"}
_CHECKOUT = Path(__file__).parents[2] / "frontend/node_modules"


class Server(Struct, frozen=True):
    """How to start one kind of server."""

    name: str
    argv: Sequence[str]
    visible: Sequence[str]
    """The files of its own that it reads."""
    languages: Sequence[str]
    """The languages that it knows, which are also the ids of their documents."""
    suffixes: Sequence[str]
    """The endings of the names of files that it reads."""
    completes: bool = True
    environment: Mapping[str, str] = {}
    options: Mapping[str, Any] = {}
    """The options that it gets when it starts."""
    settings: Mapping[str, Any] = {}
    """The answers to its questions for configuration, by section."""
    linked: Mapping[str, str] = {}
    """Symbolic links to put into each folder: the name in it, and where it leads."""
    files: Mapping[str, str] = {}
    """Texts of files for folders whose room has none at that path."""


_RUFF = {"target-version": "py314", "lint": {"select": ["B", "E4", "E7", "E9", "F"]}}
"""What Ruff checks in a room that does not say. It leaves style alone."""
_TSCONFIG = """{
  "compilerOptions": {
    "target": "esnext",
    "module": "preserve",
    "lib": ["esnext", "dom", "dom.iterable"],
    "types": ["node"],
    "strict": true,
    "allowJs": true,
    "allowImportingTsExtensions": true,
    "resolveJsonModule": true,
    "skipLibCheck": true,
    "noEmit": true
  }
}
"""
"""What TypeScript takes a room for that has none. Programs of rooms run in Node and browsers."""


def available(tsc: str = "") -> tuple[list[Server], list[str]]:
    """Return the servers that can be started here, and why others cannot be, in words.

    `tsc` is the path of TypeScript's native compiler; by default the one beside the page's sources.
    """
    lacking = can()
    if lacking:
        return [], [lacking]
    servers: list[Server] = []
    words: list[str] = []
    for find in (_ty, lambda: _tsc(tsc), _ruff):
        found = find()
        if isinstance(found, str):
            words.append(found)
        else:
            servers.append(found)
    return servers, words


def language_of(path: str) -> str:
    """Return the language that servers know a file by; "" for what none of them knows."""
    for language, suffixes in _SUFFIXES.items():
        if path.endswith(suffixes):
            return language
    return ""


def _ty() -> Server | str:
    program = _of_wheel("ty", "find_ty_bin")
    if program is None:
        return "ty is missing, which knows Python; it comes with collab[languages]"
    return Server(
        "ty",
        [program, "server"],
        visible=[],
        languages=["python"],
        suffixes=(*_SUFFIXES["python"], "pyproject.toml", "ty.toml"),
        environment={"TY_MAX_PARALLELISM": "2", "RAYON_NUM_THREADS": "2"},
        options={"completions": {"autoImport": False}},
        settings={
            "ty": {
                "completions": {"autoImport": False},
                "configuration": {"environment": {"python-version": _PYTHON}},
            }
        },
    )


def _tsc(path: str) -> Server | str:
    native = f"@typescript/typescript-linux-{_PARTS.get(platform.machine(), '')}/lib/tsc"
    program = Path(path) if path else _CHECKOUT / native
    if not program.is_file():
        return "tsc of TypeScript 7 is missing, which knows JavaScript and TypeScript"
    program = program.resolve()
    types = [_CHECKOUT / name for name in ("@types/node", "undici-types")]
    there = [each for each in types if each.is_dir()]
    return Server(
        "tsc",
        [str(program), "--lsp", "--stdio"],
        visible=[str(program.parent), *map(str, there)],
        languages=["javascript", "typescript"],
        suffixes=(
            *_SUFFIXES["javascript"],
            *_SUFFIXES["typescript"],
            "package.json",
            "tsconfig.json",
            "jsconfig.json",
        ),
        environment={"GOMAXPROCS": "2", "GOMEMLIMIT": "300MiB"},
        options={"disablePushDiagnostics": True},
        linked={
            f"node_modules/{each.relative_to(_CHECKOUT)}": str(each.resolve()) for each in there
        },
        files={"tsconfig.json": _TSCONFIG},
    )


def _ruff() -> Server | str:
    program = _of_wheel("ruff", "find_ruff_bin")
    if program is None:
        return "ruff is missing, which checks Python; it comes with collab[languages]"
    return Server(
        "ruff",
        [program, "server"],
        visible=[],
        languages=["python"],
        suffixes=(*_SUFFIXES["python"], "pyproject.toml", "ruff.toml"),
        completes=False,
        environment={"RAYON_NUM_THREADS": "1"},
        options={"settings": {"configuration": _RUFF}},
    )


def _of_wheel(module: str, function: str) -> str | None:
    """Return the path of the program that a wheel has brought, if it is installed."""
    try:
        find: Callable[[], str] = getattr(import_module(module), function)
        return str(Path(find()).resolve())
    except (ImportError, AttributeError, FileNotFoundError):
        beside = Path(sys.executable).parent / module
        return str(beside.resolve()) if beside.is_file() else None
