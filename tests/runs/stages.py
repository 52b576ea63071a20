"""Sandboxes for tests: each rung as root and as a user, and in a container."""

from __future__ import annotations

import asyncio
import os
import shutil
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from collab.runs import programs
from collab.runs.interpreters import SITE, Interpreter, node, pythons
from collab.runs.ladder import find_bwrap
from collab.runs.options import RunLimits
from collab.runs.programs import Ended, Order, Plan, Program, Programs, pack, warden_command
from tests.support.server import DEADLINE

_SYSTEM_PYTHON = "/usr/bin/python3"
_USER = 54_321
STAGES = (
    "namespaces, as root",
    "landlock, as root",
    "namespaces, as a user",
    "landlock, as a user",
    "landlock, in a container",
)
ROOT = os.geteuid() == 0


@dataclass
class Stage:
    """A place to run programs. `apart` has a network and file systems of its own."""

    name: str
    programs: Programs
    python: str
    node: Interpreter | None
    apart: bool
    user: int
    """The user that the warden runs as."""

    async def run(
        self,
        source: str | Path,
        *arguments: str,
        files: Mapping[str, bytes] | None = None,
        stdin: bytes | None = b"",
        data: int | None = None,
    ) -> tuple[str, str, Ended]:
        """Run a Python program to its end. Returns its output, its errors, and how it ended."""
        program = await self.start(source, *arguments, files=files, data=data)
        if stdin is not None:
            program.write(stdin)
            program.end_input()
        try:
            async with asyncio.timeout(DEADLINE):
                output = await (await program.read(1)).read()
                errors = await (await program.read(2)).read()
                return output.decode(), errors.decode(), await ended(program)
        finally:
            program.close()

    async def run_node(self, source: str) -> tuple[str, Ended]:
        """Run a JavaScript program to its end. Returns its errors, and how it ended."""
        assert self.node
        archive = pack([("main.mjs", source.encode())])
        flags = ["--max-old-space-size=100", *self.node.flags]
        try:
            program = await self.programs.start(
                Order([self.node.path, *flags, "main.mjs"], {"OPENSSL_CONF": "/dev/null"}, archive)
            )
        finally:
            os.close(archive)
        async with asyncio.timeout(DEADLINE):
            errors = await (await program.read(2)).read()
            end = await ended(program)
        program.close()
        return errors.decode(), end

    async def start(
        self,
        source: str | Path,
        *arguments: str,
        files: Mapping[str, bytes] | None = None,
        data: int | None = None,
    ) -> Program:
        text = source.read_text() if isinstance(source, Path) else source  # noqa: ASYNC240
        archive = pack([("main.py", text.encode()), *(files or {}).items()])
        limits = {} if data is None else {"DATA": data}
        env = {"PATH": "/usr/bin:/bin", "HOME": "{room}", "TMPDIR": "{tmp}", "LANG": "C.UTF-8"}
        argv = [self.python, "-s", "main.py", *arguments]
        try:
            return await self.programs.start(Order(argv, env, archive, limits))
        finally:
            os.close(archive)


async def ended(program: Program) -> Ended:
    """The end of a program."""
    async with asyncio.timeout(DEADLINE):
        async for event in program.events():
            if isinstance(event, Ended):
                return event
    raise AssertionError("no end")


@asynccontextmanager
async def stage(name: str, folder: Path, **limits: int) -> AsyncIterator[Stage | None]:
    """A stage of STAGES, whose wardens have what they need in a folder; None where the machine, or
    the user who tests, cannot have it."""
    rung, _, who = name.partition(", ")
    if sys.platform != "linux" or (not ROOT and who == "as root"):
        yield None
        return
    plan_limits = {**RunLimits().of_sandbox, **limits}
    becomes = ROOT and who == "as a user"
    python = _SYSTEM_PYTHON if (ROOT and rung == "landlock") or becomes else ""
    found = await pythons(python)
    if not found:
        yield None
        return
    bwrap = find_bwrap()
    warden: Sequence[str] = ()
    if becomes:
        bwrap = _copy_bwrap(bwrap, folder)
        root = folder / "package"
        for part in ("__init__.py", "confining", "runs/__init__.py", "runs/sandbox"):
            source, target = Path(programs.__file__).parents[1] / part, root / "collab" / part
            target.parent.mkdir(parents=True, exist_ok=True)
            (shutil.copytree if source.is_dir() else shutil.copy)(source, target)
        user = ["--reuid", str(_USER), "--regid", str(_USER), "--clear-groups"]
        warden = ["/usr/bin/setpriv", *user, *warden_command(python, root)]
    elif who == "in a container":
        contained = str(Path(__file__).with_name("contained.py"))
        warden = [
            sys.executable,
            contained,
            *warden_command(sys.executable, Path(__file__).parents[2]),
        ]
    found_node = await node("")
    visible = [*found[0].visible, *(found_node.visible if found_node else ()), str(SITE)]
    made = Programs(Plan(rung, found[0].path, visible, plan_limits, bwrap), warden)
    try:
        user_id = _USER if becomes else os.geteuid()
        yield Stage(name, made, found[0].path, found_node, rung == "namespaces", user_id)
    finally:
        await made.close()


def _copy_bwrap(bwrap: str, folder: Path) -> str:
    """Copy the wheel's bubblewrap with its library to where any user can start it."""
    if bwrap.startswith("/usr/"):
        return bwrap
    package = Path(bwrap).parents[1]
    for source in (package, package.with_name(f"{package.name}.libs")):
        shutil.copytree(source, folder / source.name)
    return str(folder / package.name / "_bin" / "bwrap")
